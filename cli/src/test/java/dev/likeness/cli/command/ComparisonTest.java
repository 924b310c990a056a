package dev.likeness.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.cli.output.Figures;
import dev.likeness.cli.output.Output;
import dev.likeness.gateway.v1.Run;
import dev.likeness.gateway.v1.RunSpec;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  @Test
  void showsBothScoresWithTheirIntervalsAndTheGain() {
    String shown = shown(new Comparison(scored("mini", 800.0), scored("tuned", 890.0)));

    assertThat(shown)
        .contains("mini   Score: 800 of 1000 (95 % interval 750 to 850)")
        .contains("tuned  Score: 890 of 1000 (95 % interval 840 to 940)")
        .contains("Gain: +90 points of 1000");
  }

  @Test
  void saysThatTheGainIsUnknownWhereAScoreIs() {
    Comparison comparison = new Comparison(scored("mini", 800.0), scored("tuned", null));

    assertThat(shown(comparison)).contains("Gain: unknown");
    assertThat(comparison.toJson().get("gain").isNull()).isTrue();
  }

  private static Competition scored(String encoder, @Nullable Double score) {
    Run run = Run.newBuilder().setSpec(RunSpec.newBuilder().setEncoder(encoder)).build();
    return new Competition(
        run,
        score == null
            ? Figures.UNKNOWN
            : new Figures(score, score - 50, score + 50, 0.8, 0.9, 0.95, 0.4, 0.3));
  }

  private static String shown(Comparison comparison) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    comparison.show(new Output(out, out, false, false));
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
