package dev.likeness.benchmarks.embedding;

import dev.likeness.benchmarks.measure.ComparisonResult;
import dev.likeness.benchmarks.measure.Contender;
import dev.likeness.benchmarks.measure.Report;
import dev.likeness.benchmarks.measure.Rounds;
import dev.likeness.benchmarks.measure.ServiceProcess;
import dev.likeness.benchmarks.measure.TemporaryFolder;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Question: what does the embedder keep of ONNX Runtime's speed, when JPEG files come in over gRPC
 * and vectors go out? The peer is ONNX Runtime in this process on tensors that are ready, with as
 * many threads; the same in a loop that decodes too tells what is lost to decoding, and what to the
 * service.
 */
@Command(
    name = "embed",
    description = "Compares the embedder, JPEG in and vector out, with bare ONNX Runtime.",
    mixinStandardHelpOptions = true)
public final class EmbedBenchmark implements Callable<Integer> {

  private static final int DIFFERENT_IMAGES = 64;

  /** Always served, and quick: what the JVM compiles for it serves every other encoder too. */
  private static final String QUICK_ENCODER = "likeness-mini";

  @Option(
      names = "--encoder",
      defaultValue = "resnet50",
      description = "Network, filled with formula weights, or .onnx file (default: resnet50).")
  private String encoder = "";

  @Option(names = "--images", required = true, paramLabel = "DIR", description = "JPEG files.")
  private Path images;

  @Option(
      names = "--turn",
      defaultValue = "64",
      description = "Images per turn (default: ${DEFAULT-VALUE}).")
  private int turn;

  @Option(
      names = "--service-warm-up",
      defaultValue = "8000",
      description =
          "Images embedded by a small network first, so that a service is measured that has run"
              + " for a while (default: ${DEFAULT-VALUE}).")
  private int serviceWarmUp;

  @Mixin private Rounds rounds;

  @Override
  public Integer call() throws Exception {
    Report report = new Report("embed", rounds.json());
    List<byte[]> files = files();
    long bytes = files.stream().mapToLong(file -> file.length).sum();
    report.condition("images", files.size());
    report.condition("mean_image_bytes", bytes / files.size());
    int threads = Runtime.getRuntime().availableProcessors();
    Path root = Path.of(System.getProperty("likeness.root", "."));
    try (TemporaryFolder home = new TemporaryFolder()) {
      ModelStore store = ModelStore.open(home.path().resolve("models"));
      ModelPackage model = FormulaEncoder.publish(store, encoder);
      try (BareSession bare = new BareSession(model, threads);
          ServiceProcess embedder =
              ServiceProcess.start(
                  "embedder",
                  root,
                  home.path(),
                  List.of("-Xmx512m", "-Dlikeness.embedder.inference.threads=" + threads))) {
        report.condition("service_warm_up_images", warmUp(embedder, files));
        bare.warmUpDecoding(files, serviceWarmUp);
        ComparisonResult result =
            rounds
                .comparison()
                .run(
                    List.of(
                        new Contender("bare ONNX Runtime", () -> bare.run(turn)),
                        new Contender(
                            "the same, decoding before each run",
                            () -> bare.runDecoding(files, turn)),
                        new Contender(
                            "embedder, JPEG over gRPC",
                            () ->
                                ImageExchange.run(
                                    embedder.channel(), model.name().value(), files, turn))));
        var _ = report.add(encoder, "images", threads, result);
        tellProcessorTime(report, embedder, model.name().value(), files);
      }
    }
    report.finish();
    return 0;
  }

  private int warmUp(ServiceProcess embedder, List<byte[]> files) throws Exception {
    return serviceWarmUp == 0
        ? 0
        : ImageExchange.run(embedder.channel(), QUICK_ENCODER, files, serviceWarmUp);
  }

  /** One more turn: wall time also holds what waits, and what other processes take. */
  private void tellProcessorTime(
      Report report, ServiceProcess embedder, String name, List<byte[]> files) throws Exception {
    Optional<Duration> before = embedder.processorTime();
    int embedded = ImageExchange.run(embedder.channel(), name, files, turn);
    Optional<Duration> after = embedder.processorTime();
    if (before.isPresent() && after.isPresent()) {
      double millis = after.get().minus(before.get()).toNanos() / 1e6 / embedded;
      report.condition("embedder_processor_ms_per_image", Math.round(millis * 10) / 10.0);
    }
  }

  private List<byte[]> files() throws IOException {
    List<byte[]> files = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(images)) {
      for (Path path : paths.filter(EmbedBenchmark::isJpeg).sorted().toList()) {
        if (files.size() < DIFFERENT_IMAGES) {
          files.add(Files.readAllBytes(path));
        }
      }
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException("there is no .jpg file in " + images);
    }
    return files;
  }

  private static boolean isJpeg(Path path) {
    String name = path.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".jpg") || name.endsWith(".jpeg");
  }
}
