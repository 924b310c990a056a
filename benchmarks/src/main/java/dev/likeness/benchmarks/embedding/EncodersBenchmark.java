package dev.likeness.benchmarks.embedding;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.benchmarks.measure.ComparisonResult;
import dev.likeness.benchmarks.measure.Contender;
import dev.likeness.benchmarks.measure.Report;
import dev.likeness.benchmarks.measure.Rounds;
import dev.likeness.benchmarks.measure.TemporaryFolder;
import dev.likeness.encoders.image.DecodeLimits;
import dev.likeness.encoders.quantize.EncoderQuantization;
import dev.likeness.encoders.quantize.QuantizationProgress;
import dev.likeness.encoders.quantize.QuantizationRequest;
import dev.likeness.encoders.quantize.QuantizationResult;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.GoldenPair;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Question: how fast are our encoders, in floats and in integers, beside ONNX Runtime alone? One
 * run at a time, one image per run.
 */
@Command(
    name = "encoders",
    description = "Compares encoders in float32 and int8 with bare ONNX Runtime.",
    mixinStandardHelpOptions = true)
public final class EncodersBenchmark implements Callable<Integer> {

  @Parameters(
      paramLabel = "NAME",
      arity = "1..*",
      description = "Networks, filled with formula weights, or .onnx files.")
  private List<String> names = List.of();

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description = "Images to measure int8 ranges on; without them there is no int8.")
  private @Nullable Path images;

  @Option(
      names = "--count",
      defaultValue = "32",
      description = "So many of the images (default: ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--turn",
      defaultValue = "8",
      description = "Images per turn (default: ${DEFAULT-VALUE}).")
  private int turn;

  @Mixin private Rounds rounds;

  @Override
  public Integer call() throws Exception {
    Report report = new Report("encoders", rounds.json());
    for (String name : names) {
      try (TemporaryFolder folder = new TemporaryFolder()) {
        measure(name, folder.path(), report);
      }
    }
    report.finish();
    return 0;
  }

  private void measure(String name, Path folder, Report report) throws Exception {
    ModelStore store = ModelStore.open(folder);
    ModelPackage exact = FormulaEncoder.publish(store, name);
    if (images == null) {
      report.add(name, "images", 1, compare(exact, null));
      return;
    }
    QuantizationResult integer = quantize(store, exact, images);
    ObjectNode comparison = report.add(name, "images", 1, compare(exact, integer.model()));
    comparison.put("mean_cosine", integer.fidelity().meanCosine());
    comparison.put("min_cosine", integer.fidelity().minCosine());
    report.line(
        String.format(
            Locale.ROOT,
            "  int8: mean cosine %.4f, least %.4f, on %d images",
            integer.fidelity().meanCosine(),
            integer.fidelity().minCosine(),
            integer.fidelity().images()));
  }

  private QuantizationResult quantize(ModelStore store, ModelPackage exact, Path folder) {
    EncoderName name = new EncoderName(exact.name().value() + "-int8");
    return new EncoderQuantization(store, DecodeLimits.DEFAULT, Clock.systemUTC())
        .run(new QuantizationRequest(exact, name, folder, count, true), new Silent());
  }

  private ComparisonResult compare(ModelPackage exact, @Nullable ModelPackage integer)
      throws Exception {
    RuntimeOptions options = RuntimeOptions.ofThreads(1);
    try (BareSession bare = new BareSession(exact, 1);
        OnnxImageEmbedder floats = OnnxImageEmbedder.open(exact, options)) {
      Contender peer = new Contender("bare ONNX Runtime, float32", () -> bare.run(turn));
      Contender ours = contender("float32", floats);
      if (integer == null) {
        return rounds.comparison().run(List.of(peer, ours));
      }
      try (OnnxImageEmbedder integers = OnnxImageEmbedder.open(integer, options)) {
        return rounds.comparison().run(List.of(peer, ours, contender("int8", integers)));
      }
    }
  }

  private Contender contender(String name, OnnxImageEmbedder embedder) {
    float[] tensor = GoldenPair.inputTensor(embedder.tensorLength());
    return new Contender(
        name,
        () -> {
          for (int i = 0; i < turn; i++) {
            embedder.embed(tensor, 1);
          }
          return turn;
        });
  }

  private static final class Silent implements QuantizationProgress {
    @Override
    public void step(String sentence) {
      // the table tells what came of it
    }

    @Override
    public void images(int done, int total) {
      // nor is every image worth a line
    }
  }
}
