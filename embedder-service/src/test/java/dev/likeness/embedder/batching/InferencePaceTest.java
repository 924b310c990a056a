package dev.likeness.embedder.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class InferencePaceTest {

  private final InferencePace pace = new InferencePace();

  @Test
  void assumesTwentyMillisecondsAtFirst() {
    assertThat(pace.timeFor(100, 1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(pace.timeFor(100, 4)).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void followsWhatIsMeasured() {
    pace.measured(80_000_000, 2);
    assertThat(pace.timeFor(100, 1)).isEqualTo(Duration.ofMillis(2200));
    for (int i = 0; i < 200; i++) {
      pace.measured(80_000_000, 2);
    }
    assertThat(pace.timeFor(100, 1)).isBetween(Duration.ofMillis(3990), Duration.ofMillis(4000));
  }

  @Test
  void staysWithinReason() {
    assertThat(pace.timeFor(1, 8)).isEqualTo(Duration.ofMillis(50));
    assertThat(pace.timeFor(1_000_000, 1)).isEqualTo(Duration.ofSeconds(5));
  }
}
