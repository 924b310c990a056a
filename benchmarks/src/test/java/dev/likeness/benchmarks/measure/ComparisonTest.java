package dev.likeness.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong clock = new AtomicLong();
  private final List<String> turns = new ArrayList<>();

  @Test
  void takesTheMedianOfTheRatiosAndNotTheRatioOfTheMedians() throws Exception {
    // Given: the machine slows down from round to round, B takes half of A's time but once
    Comparison comparison = new Comparison(0, 3, clock::get);
    Contender a = contender("A", 8, 2, 4, 16);
    Contender b = contender("B", 8, 1, 2, 16);

    // When
    ComparisonResult result = comparison.run(List.of(a, b));

    // Then
    assertThat(result.lines().get(0).ratio()).isEqualTo(new Spread(1, 1, 1));
    assertThat(result.lines().get(1).ratio()).isEqualTo(new Spread(1, 2, 2));
    assertThat(result.lines().get(1).perSecond()).isEqualTo(new Spread(0.5, 4, 8));
  }

  @Test
  void runsEveryOtherRoundBackwardsAndLeavesTheWarmUpOut() throws Exception {
    // Given: the warm-up takes a hundred times as long
    Comparison comparison = new Comparison(1, 2, clock::get);

    // When
    ComparisonResult result =
        comparison.run(List.of(contender("A", 1, 100, 1, 1), contender("B", 1, 100, 1, 1)));

    // Then
    assertThat(turns).containsExactly("B", "A", "A", "B", "B", "A");
    assertThat(result.lines().get(0).perSecond()).isEqualTo(new Spread(1, 1, 1));
  }

  @Test
  void takesTheMeanOfTheMiddleTwo() {
    assertThat(Spread.of(4, 1, 3, 2)).isEqualTo(new Spread(1, 2.5, 4));
  }

  @Test
  void refusesATurnThatDidNothing() {
    assertThatThrownBy(() -> new Comparison(0, 1).run(List.of(new Contender("idle", () -> 0))))
        .hasMessage("'idle' did 0 units in a turn");
  }

  @Test
  void refusesNoRounds() {
    assertThatThrownBy(() -> new Comparison(0, 0))
        .hasMessage("at least one round and no negative warm-up, got 0 and 0");
  }

  @Test
  void knowsTheMachine() {
    assertThat(MachineFacts.now().processors()).isPositive();
    assertThat(MachineFacts.now().java()).contains(Runtime.version().toString());
  }

  /** Takes the given seconds, turn by turn. */
  private Contender contender(String name, long units, long... seconds) {
    int[] turn = {0};
    return new Contender(
        name,
        () -> {
          turns.add(name);
          clock.addAndGet(seconds[turn[0]++] * SECOND);
          return units;
        });
  }
}
