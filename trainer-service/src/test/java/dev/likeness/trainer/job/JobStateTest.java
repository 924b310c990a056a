package dev.likeness.trainer.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.trainer.job.JobState.Cancelled;
import dev.likeness.trainer.job.JobState.Failed;
import dev.likeness.trainer.job.JobState.Queued;
import dev.likeness.trainer.job.JobState.Running;
import dev.likeness.trainer.job.JobState.Succeeded;
import java.lang.reflect.Modifier;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobStateTest {

  static final Instant START = Instant.parse("2026-01-01T10:00:00Z");
  static final Instant END = Instant.parse("2026-01-01T11:00:00Z");

  @Test
  void runsToItsEnd() {
    Running running = Queued.fresh().start(START);
    assertThat(running).isEqualTo(new Running(1, START, Progress.NONE, false));
    PublishedModel model = new PublishedModel(1, "f");
    assertThat(running.succeed(model, END)).isEqualTo(new Succeeded(1, START, END, model));
    assertThat(running.fail("why", END)).isEqualTo(new Failed(1, START, END, "why"));
    assertThat(running.cancel(END)).isEqualTo(new Cancelled(1, START, END));
  }

  @Test
  void countsInterruptionsAndKeepsTheFirstStart() {
    Running again = Queued.fresh().start(START).takeOver();
    assertThat(again.attempt()).isEqualTo(2);
    assertThat(again.handBack(END)).isEqualTo(new Queued(2, START));
    assertThat(new Queued(2, START).start(END))
        .isEqualTo(new Running(3, START, Progress.NONE, false));
  }

  @Test
  void keepsTheWishToCancelThroughEveryStep() {
    Running unwanted = Queued.fresh().start(START).requestCancel();
    assertThat(unwanted.advance(new Progress("s", 0.1)).cancelRequested()).isTrue();
    assertThat(unwanted.takeOver().cancelRequested()).isTrue();
    assertThat(unwanted.handBack(END)).isInstanceOf(Cancelled.class);
  }

  @Test
  void hasNoWayOutOfAnEnd() {
    for (Class<?> ended : List.of(Succeeded.class, Failed.class, Cancelled.class)) {
      assertThat(
              Arrays.stream(ended.getDeclaredMethods())
                  .filter(method -> Modifier.isPublic(method.getModifiers()))
                  .filter(method -> JobState.class.isAssignableFrom(method.getReturnType())))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.01, 1.01, Double.NaN})
  void rejectsSharesThatAreNone(double share) {
    assertThatThrownBy(() -> new Progress("s", share)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ü", "a/b"})
  void rejectsIdsThatAreNone(String id) {
    assertThatThrownBy(() -> new JobId(id)).isInstanceOf(InvalidJobException.class);
  }

  @Test
  void rejectsAnIdThatIsTooLongWithoutRepeatingIt() {
    assertThatThrownBy(() -> new JobId("x".repeat(129)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("1 to 128")
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(200));
  }
}
