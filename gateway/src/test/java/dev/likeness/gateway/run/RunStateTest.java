package dev.likeness.gateway.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
  @CsvSource(
      delimiter = ';',
      value = {
        "a,b;;;set fusion to min-max",
        "a;min-max;;2 to 8 different encoders",
        "a,a;min-max;;2 to 8 different encoders",
        "a,,b;min-max;;2 to 8 different encoders",
        "a,b,c,d,e,f,g,h,i;min-max;;2 to 8 different encoders",
        "a,b;sum;;fusion must be min-max",
        "a,b;min-max;1;must be 2 positive numbers",
        "a,b;min-max;1 0;must be 2 positive numbers",
        "a,b;min-max;1 NaN;must be 2 positive numbers",
        "a;;1;set fusion to min-max"
      })
  void rejectsFusionsThatAreNone(String encoders, String way, String weights, String message) {
    assertThatThrownBy(() -> fused(encoders, way, weights, Rerank.NONE))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(message);
  }

  @Test
  void dividesWeightsByTheirSumAndTakesNoRerankingBesides() {
    assertThat(fused("a, b", "min-max", "3 1", Rerank.NONE).fusion().shares())
        .containsExactly(0.75, 0.25);
    assertThat(fused("a, b", "min-max", null, Rerank.NONE).encoders()).containsExactly("a", "b");
    assertThatThrownBy(() -> fused("a,b", "min-max", null, Rerank.K_RECIPROCAL))
        .hasMessageContaining("leave out rerank or fusion");
  }

  private static RunSpec fused(String encoders, String way, String weights, Rerank rerank) {
    List<Double> numbers =
        weights == null
            ? List.of()
            : Arrays.stream(weights.split(" ")).map(Double::valueOf).toList();
    return new RunSpec(
        "/data",
        encoders,
        10,
        null,
        null,
        rerank,
        ScoreFusion.of("spec.fusion", way, numbers, RunSpec.names(encoders).size()));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1001})
  void rejectsNumbersOfNamesOutOfRange(int topK) {
    assertThatThrownBy(() -> new RunSpec("/data", "resnet50", topK, null, null, Rerank.NONE))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("between 1 and 1000, got " + topK);
  }
}
