package dev.likeness.benchmarks.training;

import ai.onnxruntime.OrtEnvironment;
import dev.likeness.benchmarks.embedding.FormulaEncoder;
import dev.likeness.benchmarks.measure.ComparisonResult;
import dev.likeness.benchmarks.measure.Contender;
import dev.likeness.benchmarks.measure.Report;
import dev.likeness.benchmarks.measure.Rounds;
import dev.likeness.benchmarks.measure.TemporaryFolder;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.training.torch.NativeRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Question: can this machine train on a GPU, and how fast? Ends with 0 where there is none, and
 * says which part is missing.
 */
@Command(
    name = "gpu",
    description = "Checks driver, libtorch and ONNX Runtime for CUDA; compares training steps.",
    mixinStandardHelpOptions = true)
public final class GpuCheck implements Callable<Integer> {

  private static final Path DRIVER = Path.of("/proc/driver/nvidia/version");

  @Option(
      names = "--network",
      defaultValue = "resnet34",
      description = "Network, filled with formula weights, or .onnx file (${DEFAULT-VALUE}).")
  private String network = "";

  @Option(
      names = "--batch",
      defaultValue = "32",
      description = "Images per step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Mixin private Rounds rounds;

  @Override
  public Integer call() throws Exception {
    if (batch < 2) {
      throw new IllegalArgumentException("--batch must be at least 2, is " + batch);
    }
    Report report = new Report("gpu", rounds.json());
    report.condition("driver", driver());
    report.condition(
        "onnx_runtime_providers",
        OrtEnvironment.getAvailableProviders().stream().map(Object::toString).sorted().toList());
    Optional<String> refused = NativeRuntime.unavailable();
    boolean cuda = refused.isEmpty() && NativeRuntime.cudaAvailable();
    report.condition("libtorch", refused.orElse("loads"));
    report.condition("libtorch_finds_a_cuda_device", cuda);
    if (cuda) {
      train(report);
    } else {
      report.line("training runs on the processor here; docs/gpu.md says what a GPU needs");
    }
    report.finish();
    return 0;
  }

  private static String driver() throws Exception {
    return Files.isReadable(DRIVER) ? Files.readAllLines(DRIVER).getFirst() : "none";
  }

  private void train(Report report) throws Exception {
    int threads = Runtime.getRuntime().availableProcessors();
    try (TemporaryFolder folder = new TemporaryFolder()) {
      ModelPackage model = FormulaEncoder.publish(ModelStore.open(folder.path()), network);
      try (OurTraining processor = new OurTraining(model, batch, threads, false);
          OurTraining device = new OurTraining(model, batch, threads, true)) {
        ComparisonResult result =
            rounds
                .comparison()
                .run(
                    List.of(
                        new Contender("processor", () -> processor.steps(1)),
                        new Contender("CUDA device", () -> device.steps(1))));
        var _ = report.add(network, "images", threads, result);
      }
    }
  }
}
