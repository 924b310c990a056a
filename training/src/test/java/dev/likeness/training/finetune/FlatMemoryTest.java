package dev.likeness.training.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.execute.GraphExecutor;
import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.loss.Batch;
import dev.likeness.training.loss.SupervisedContrastive;
import dev.likeness.training.optimizer.Adam;
import dev.likeness.training.optimizer.AdamSettings;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.NativeRuntime;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Steps leave nothing behind. In a process of its own with a small Java heap that is there from the
 * beginning and without the large compiler, so that what grows is libtorch's. A thousand steps with
 * {@code -Dlikeness.test.memory=true}.
 */
@RequiresLibtorch
@EnabledOnOs(OS.LINUX)
class FlatMemoryTest {

  private static final int BATCH = 8;
  private static final int STEPS_PER_LINE = 100;

  /** A step's activations are about a megabyte; one in ten kept would be more. */
  private static final long MOST_GROWTH_MB = 16;

  @Test
  void memoryStaysWhereItIsAfterTheFirstSteps() throws Exception {
    int steps = Boolean.getBoolean("likeness.test.memory") ? 1000 : 300;
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-Dorg.bytedeco.javacpp.maxBytes=0",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms64m",
            "-Xmx64m",
            "-XX:+AlwaysPreTouch",
            FlatMemoryTest.class.getName(),
            Integer.toString(steps));
    builder
        .environment()
        .put(
            "CLASSPATH",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    List<String> lines = process.inputReader().lines().toList();

    assertThat(process.waitFor()).isZero();
    List<Long> resident =
        lines.stream().filter(line -> line.matches("\\d+")).map(Long::valueOf).toList();
    assertThat(resident).hasSize(steps / STEPS_PER_LINE);
    assertThat(resident.getLast() - resident.getFirst())
        .as("MB in memory after each hundred steps: " + resident)
        .isLessThan(MOST_GROWTH_MB);
  }

  /** Prints the memory after each hundred steps. */
  public static void main(String[] arguments) throws IOException {
    NativeRuntime.load(1);
    TrainGraph graph = TrainGraph.of(TinyEncoder.model());
    float[] pixels = new float[BATCH * 3 * TinyEncoder.SIDE * TinyEncoder.SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (float) Math.sin(i);
    }
    try (ParameterStore parameters = ParameterStore.of(graph, FloatType.FLOAT32);
        Adam optimizer = new Adam(parameters, AdamSettings.plain())) {
      GraphExecutor executor = new GraphExecutor(graph, parameters);
      for (int step = 1; step <= Integer.parseInt(arguments[0]); step++) {
        step(executor, parameters, pixels);
        optimizer.step(1e-4);
        if (step % STEPS_PER_LINE == 0) {
          System.out.println(residentMegabytes());
        }
      }
    }
  }

  private static void step(GraphExecutor executor, ParameterStore parameters, float[] pixels) {
    parameters.clearGradients();
    String output = "embedding";
    long[] shape = {BATCH, 3, TinyEncoder.SIDE, TinyEncoder.SIDE};
    try (TorchScope scope = TorchScope.training()) {
      Tensor images = Tensors.of(pixels, shape, FloatType.FLOAT32);
      Tensor features = executor.run(images, Set.of(output), Mode.TRAIN).get(output);
      new SupervisedContrastive(0.5).of(Batch.of(features, 0, 0, 1, 1, 2, 2, 3, 3)).backward();
    }
  }

  private static long residentMegabytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
