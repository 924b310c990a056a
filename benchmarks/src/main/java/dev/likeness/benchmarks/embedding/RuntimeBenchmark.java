package dev.likeness.benchmarks.embedding;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.likeness.benchmarks.measure.ComparisonResult;
import dev.likeness.benchmarks.measure.Contender;
import dev.likeness.benchmarks.measure.Report;
import dev.likeness.benchmarks.measure.Rounds;
import dev.likeness.benchmarks.measure.TemporaryFolder;
import dev.likeness.encoders.store.GoldenPair;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Question: which settings of ONNX Runtime make an encoder fast here, and would it open faster if
 * its optimised graph were kept? One caller, one image per run.
 */
@Command(
    name = "runtime",
    description = "Compares settings of ONNX Runtime on one encoder.",
    mixinStandardHelpOptions = true)
public final class RuntimeBenchmark implements Callable<Integer> {

  private static final String KEPT_DATA = "kept.data";

  @Parameters(
      paramLabel = "NAME",
      description = "Network, filled with formula weights, or .onnx file.")
  private String name = "";

  @Option(
      names = "--turn",
      defaultValue = "8",
      description = "Images per turn (default: ${DEFAULT-VALUE}).")
  private int turn;

  @Mixin private Rounds rounds;

  @Override
  public Integer call() throws Exception {
    Report report = new Report("runtime", rounds.json());
    try (TemporaryFolder folder = new TemporaryFolder()) {
      ModelPackage model = FormulaEncoder.publish(ModelStore.open(folder.path()), name);
      int processors = Runtime.getRuntime().availableProcessors();
      var _ = report.add(name, "images", 1, running(model, processors));
      var _ = report.add(name + ", opened", "sessions", 1, opening(model, folder.path()));
    }
    report.finish();
    return 0;
  }

  private ComparisonResult running(ModelPackage model, int processors) throws Exception {
    int size = model.card().preprocess().cropSize();
    List<OrtSession> sessions = new ArrayList<>();
    try (OnnxTensor image =
        OnnxTensor.createTensor(
            OrtEnvironment.getEnvironment(),
            FloatBuffer.wrap(GoldenPair.inputTensor(model.card().tensorLength())),
            new long[] {1, 3, size, size})) {
      List<Contender> contenders = new ArrayList<>();
      for (SessionSetting setting : SessionSetting.all(processors)) {
        OrtSession session = setting.open(model.onnxPath());
        sessions.add(session);
        Map<String, OnnxTensor> input = Map.of(model.card().inputTensor(), image);
        contenders.add(new Contender(setting.name(), () -> images(session, input)));
      }
      return rounds.comparison().run(contenders);
    } finally {
      for (OrtSession session : sessions) {
        session.close();
      }
    }
  }

  private long images(OrtSession session, Map<String, OnnxTensor> input) throws OrtException {
    for (int i = 0; i < turn; i++) {
      session.run(input).close();
    }
    return turn;
  }

  /** The kept graph is bound to this machine and this version of the runtime. */
  private ComparisonResult opening(ModelPackage model, Path folder) throws Exception {
    Path kept = folder.resolve("kept.onnx");
    SessionSetting keeping =
        new SessionSetting(
            "keeping",
            options -> {
              options.setOptimizedModelFilePath(kept.toString());
              options.addConfigEntry(
                  "session.optimized_model_external_initializers_file_name", KEPT_DATA);
            });
    keeping.open(model.onnxPath()).close();
    SessionSetting usual = new SessionSetting("as published", options -> {});
    SessionSetting again =
        new SessionSetting(
            "optimised graph kept",
            options -> options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT));
    return rounds
        .comparison()
        .run(
            List.of(
                new Contender(usual.name(), () -> opened(usual, model.onnxPath())),
                new Contender(again.name(), () -> opened(again, kept))));
  }

  private static long opened(SessionSetting setting, Path onnx) throws OrtException {
    setting.open(onnx).close();
    return 1;
  }
}
