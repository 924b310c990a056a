package dev.likeness.training.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.finetune.data.LabelledImage;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.ValidationSplit;
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

/**
 * A process that is killed in the middle of an epoch loses nothing that it would have learned; one
 * that is asked to end writes a checkpoint first, and does not crash in native code.
 */
@RequiresLibtorch
class KilledTrainingTest {

  private static final String GO_ON = "epoch 3";
  private static final String STAND_STILL = "stand still";

  /** 128 + SIGTERM; a crash would be 134 or 139. */
  private static final int TERMINATED = 143;

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

    Process process = startUntilThirdEpoch(STAND_STILL);
    process.destroyForcibly();
    process.waitFor();
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

  @Test
  void writesACheckpointWhenItsProcessIsAskedToEnd() throws Exception {
    ModelPackage unused = TinyEncoder.publish(folder.resolve("models"));
    List<LabelledImage> images = TinyEncoder.images(folder.resolve("images"), 4, 10);
    assertThat(images).isNotEmpty();

    Process process = startUntilThirdEpoch("go on");
    process.destroy();

    assertThat(process.waitFor()).isEqualTo(TERMINATED);
    try (Stream<Path> checkpoints = Files.list(folder.resolve("killed"))) {
      assertThat(checkpoints).as("written at the end only").isNotEmpty();
    }
  }

  /** Runs {@link #main} in a process of its own until it says that it is in its third epoch. */
  private Process startUntilThirdEpoch(String then) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-Dorg.bytedeco.javacpp.maxBytes=0",
            "-Xmx256m",
            KilledTrainingTest.class.getName(),
            folder.toString(),
            then);
    // By environment: ONNX Runtime does not survive a command line of some kilobytes.
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    Process process = builder.redirectErrorStream(true).start();
    List<String> said = new ArrayList<>();
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      said.add(line);
      if (line.equals(GO_ON)) {
        return process;
      }
    }
    throw new AssertionError("the process ended: " + said);
  }

  /**
   * Trains in the given folder; in the third epoch it stands still until it is killed, or goes on
   * for many epochs and writes no checkpoint unless it ends.
   */
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
    boolean standStill = arguments[1].equals(STAND_STILL);
    FineTuneSpec spec = FineTuningTest.wide("all");
    int[] epochs = new int[1];
    int[] steps = new int[1];
    FineTuneOutcome unused =
        FineTuning.run(
            TinyEncoder.task(
                base, images, folder.resolve("killed"), standStill ? spec : endless(spec)),
            new FineTuneListener() {
              @Override
              public void onEpoch(EpochReport epoch) {
                epochs[0] = epoch.epoch();
              }
            },
            () -> {
              if (epochs[0] == 2 && ++steps[0] == 3) {
                System.out.println(GO_ON);
                if (standStill) {
                  waitForever();
                }
              }
              return false;
            },
            standStill ? Duration.ZERO : Duration.ofDays(1),
            TinyEncoder.CLOCK);
  }

  private static FineTuneSpec endless(FineTuneSpec spec) {
    int epochs = 100_000;
    return spec.withEpochs(epochs)
        .withValidation(
            new ValidationSplit(spec.validation().by(), spec.validation().share(), epochs));
  }

  private static void waitForever() {
    try {
      new java.util.concurrent.CountDownLatch(1).await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
