package dev.likeness.training.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.finetune.data.LabelledImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed in the middle of an epoch loses nothing that it would have learned. */
@RequiresLibtorch
class KilledTrainingTest {

  private static final String GO_ON = "epoch 3";

  @TempDir Path folder;

  @Test
  void goesOnWithTheSameLossesAfterAKill() throws Exception {
    ModelPackage base = TinyEncoder.publish(folder.resolve("models"));
    List<LabelledImage> images = TinyEncoder.images(folder.resolve("images"), 4, 10);
    FineTuneOutcome.Finished whole =
        (FineTuneOutcome.Finished)
            FineTuning.run(
                TinyEncoder.task(base, images, folder.resolve("whole"), FineTuningTest.wide("all")),
                FineTuneListener.SILENT,
                StopSignal.NEVER,
                Duration.ZERO,
                TinyEncoder.CLOCK);

    killInThirdEpoch();
    List<Integer> epochs = new ArrayList<>();
    FineTuneOutcome.Finished resumed =
        (FineTuneOutcome.Finished)
            FineTuning.run(
                TinyEncoder.task(
                    base, images, folder.resolve("killed"), FineTuningTest.wide("all")),
                new FineTuneListener() {
                  @Override
                  public void onEpoch(EpochReport epoch) {
                    epochs.add(epoch.epoch());
                  }
                },
                StopSignal.NEVER,
                Duration.ZERO,
                TinyEncoder.CLOCK);

    assertThat(epochs).as("epochs after the kill").doesNotContain(1, 2);
    assertThat(resumed.history())
        .extracting(EpochReport::loss)
        .containsExactlyElementsOf(whole.history().stream().map(EpochReport::loss).toList());
    assertThat(resumed.draft().onnx()).isEqualTo(whole.draft().onnx());
  }

  /** Runs {@link #main} in a process of its own and kills it when it says so. */
  private void killInThirdEpoch() throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-Dorg.bytedeco.javacpp.maxBytes=0",
            "-Xmx256m",
            KilledTrainingTest.class.getName(),
            folder.toString());
    // By environment: ONNX Runtime does not survive a command line of some kilobytes.
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    Process process = builder.redirectErrorStream(true).start();
    List<String> said = new ArrayList<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(line);
        if (line.equals(GO_ON)) {
          break;
        }
      }
    } finally {
      process.destroyForcibly();
    }
    process.waitFor();
    assertThat(said).contains(GO_ON);
  }

  /** Trains in the given folder; stands still in the third epoch until it is killed. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    ModelPackage base =
        ModelStore.open(folder.resolve("models")).find(new EncoderName("tiny")).orElseThrow();
    List<LabelledImage> images;
    try (Stream<Path> files = Files.walk(folder.resolve("images"))) {
      images =
          files
              .filter(Files::isRegularFile)
              .sorted(Comparator.naturalOrder())
              .map(
                  file ->
                      new LabelledImage(
                          file, Objects.requireNonNull(file.getParent()).getFileName().toString()))
              .toList();
    }
    int[] epochs = new int[1];
    int[] steps = new int[1];
    FineTuneOutcome unused =
        FineTuning.run(
            TinyEncoder.task(base, images, folder.resolve("killed"), FineTuningTest.wide("all")),
            new FineTuneListener() {
              @Override
              public void onEpoch(EpochReport epoch) {
                epochs[0] = epoch.epoch();
              }
            },
            () -> {
              if (epochs[0] == 2 && ++steps[0] == 3) {
                System.out.println(GO_ON);
                waitForever();
              }
              return false;
            },
            Duration.ZERO,
            TinyEncoder.CLOCK);
  }

  private static void waitForever() {
    try {
      new java.util.concurrent.CountDownLatch(1).await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
