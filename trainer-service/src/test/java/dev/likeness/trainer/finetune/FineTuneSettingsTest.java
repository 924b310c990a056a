package dev.likeness.trainer.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.training.finetune.spec.Device;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FineTuneSettingsTest {

  @ParameterizedTest
  @CsvSource({
    "AUTO, AUTO, AUTO",
    "AUTO, CPU, CPU",
    "AUTO, CUDA, CUDA",
    "CUDA, AUTO, CUDA",
    "CUDA, CPU, CPU",
    "CPU, AUTO, CPU",
    "CPU, CUDA, CPU",
  })
  void jobsGetWhatTheyAskedForUnlessTheTrainerIsToldToLeaveTheDeviceAlone(
      Device trainer, Device asked, Device used) {
    FineTuneSettings settings = new FineTuneSettings(Path.of("w"), Path.of("r"), 1, 0, trainer);

    assertThat(settings.deviceFor(asked)).isEqualTo(used);
  }
}
