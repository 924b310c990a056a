package dev.likeness.training.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.TrainedScope;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What fine-tuning brings on images that it did not see: mean over three seeds, with the defaults.
 * Takes a quarter of an hour on 2 cores.
 */
@RequiresLibtorch
@EnabledIfSystemProperty(named = "likeness.test.gains", matches = "true")
class RealGainsTest {

  private static final int SEEDS = 3;

  @TempDir Path work;

  @ParameterizedTest
  @CsvSource({
    "caltech101-30, head, 0.93",
    "pacs, head, 0.82",
    "caltech101-30, all, 0.94",
    "pacs, all, 0.90"
  })
  void precisionAtTenRises(String data, String scope, double least) throws Exception {
    RealGains gains = new RealGains("mobilenetv2-torchvision", work);
    double precision = 0;
    double score = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      FineTuneSpec spec = FineTuneSpec.of(TrainedScope.parse(scope)).withSeed(seed);
      RealGains.Gain gain = gains.measure(data, spec, FineTuneListener.SILENT);
      System.out.printf(
          Locale.ROOT,
          "%s %s seed %d: P@10 %.4f, score %.1f, validation %.4f to %.4f, best epoch %d, %.0f s%n",
          data,
          scope,
          seed,
          gain.precisionAt10(),
          gain.score(),
          gain.outcome().before().quality(),
          gain.outcome().after().quality(),
          gain.outcome().bestEpoch(),
          gain.seconds());
      precision += gain.precisionAt10() / SEEDS;
      score += gain.score() / SEEDS;
    }
    System.out.printf(
        Locale.ROOT, "%s %s mean: P@10 %.4f, score %.1f%n", data, scope, precision, score);
    assertThat(precision).isGreaterThanOrEqualTo(least);
  }
}
