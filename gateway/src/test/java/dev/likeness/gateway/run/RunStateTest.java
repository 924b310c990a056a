package dev.likeness.gateway.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunStateTest {

  private static final Instant START = Instant.parse("2026-01-31T09:45:02Z");

  @Test
  void goesThroughItsStages() {
    RunState.Running running = new RunState.Queued().start(START);
    assertThat(running.stage()).isEqualTo(RunStage.GALLERY);
    RunState.Running searching = running.enter(RunStage.SEARCH, 10).advance(4);
    assertThat(searching).isEqualTo(new RunState.Running(RunStage.SEARCH, 4, 10, START));
    assertThat(searching.fail("why", START))
        .isEqualTo(new RunState.Failed(RunStage.SEARCH, "why", START));
  }

  @Test
  void endsOnlyWithSuccessOrFailure() {
    RunState.Running running = new RunState.Queued().start(START);
    assertThat(new RunState.Queued().isFinal()).isFalse();
    assertThat(running.isFinal()).isFalse();
    assertThat(running.fail("why", START).isFinal()).isTrue();
  }

  @Test
  void neverCountsBeyondTheTotal() {
    assertThat(new RunState.Running(RunStage.GALLERY, 0, 3, START).advance(9).done()).isEqualTo(3);
    assertThatThrownBy(() -> new RunState.Running(RunStage.GALLERY, 4, 3, START))
        .hasMessageContaining("got 4");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1001})
  void rejectsNumbersOfNamesOutOfRange(int topK) {
    assertThatThrownBy(() -> new RunSpec("/data", "resnet50", topK, null, null, Rerank.NONE))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("between 1 and 1000, got " + topK);
  }
}
