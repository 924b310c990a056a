package dev.likeness.benchmarks.embedding;

import dev.likeness.benchmarks.measure.Contender;
import dev.likeness.benchmarks.measure.Report;
import dev.likeness.benchmarks.measure.Rounds;
import dev.likeness.encoders.runtime.OnnxRunner;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.TensorShape;
import dev.likeness.encoders.store.GoldenPair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Question: which settings of ONNX Runtime make a graph fast here? */
@Command(
    name = "runtime",
    description = "Compares settings of ONNX Runtime on one graph.",
    mixinStandardHelpOptions = true)
public final class RuntimeBenchmark implements Callable<Integer> {

  @Parameters(paramLabel = "ONNX", description = "A graph with one input [N, 3, size, size].")
  private Path onnx;

  @Option(
      names = "--size",
      defaultValue = "224",
      description = "Side of the input in pixels (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--batch",
      defaultValue = "1",
      description = "Images per run (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--images",
      defaultValue = "16",
      description = "Images per turn (default: ${DEFAULT-VALUE}).")
  private int images;

  @Mixin private Rounds rounds;

  @Override
  public Integer call() throws Exception {
    Report report = new Report("runtime", rounds.json());
    report.condition("graph", onnx.getFileName().toString());
    report.condition("batch", batch);
    int processors = Runtime.getRuntime().availableProcessors();
    List<RuntimeOptions> settings = new ArrayList<>();
    IntStream.rangeClosed(1, processors).mapToObj(RuntimeOptions::ofThreads).forEach(settings::add);
    settings.add(new RuntimeOptions(processors, true));
    List<OnnxRunner> runners = new ArrayList<>();
    try {
      List<Contender> contenders = new ArrayList<>();
      for (RuntimeOptions setting : settings) {
        OnnxRunner runner = OnnxRunner.open(onnx, setting);
        runners.add(runner);
        contenders.add(new Contender(text(setting), () -> turn(runner)));
      }
      report.add(
          onnx.getFileName().toString(), "images", processors, rounds.comparison().run(contenders));
    } finally {
      runners.forEach(OnnxRunner::close);
    }
    report.finish();
    return 0;
  }

  private long turn(OnnxRunner runner) {
    float[] tensor = GoldenPair.inputTensor(batch * 3 * size * size);
    TensorShape input = runner.inputs().getFirst();
    TensorShape output = runner.outputs().getFirst();
    long done = 0;
    while (done < images) {
      runner.run(input.name(), tensor, new long[] {batch, 3, size, size}, output.name());
      done += batch;
    }
    return done;
  }

  private static String text(RuntimeOptions options) {
    return "%d threads%s"
        .formatted(options.intraOpThreads(), options.allowSpinning() ? ", spinning" : "");
  }
}
