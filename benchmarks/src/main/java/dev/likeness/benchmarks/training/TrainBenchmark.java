package dev.likeness.benchmarks.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.benchmarks.embedding.FormulaEncoder;
import dev.likeness.benchmarks.measure.ComparisonResult;
import dev.likeness.benchmarks.measure.Contender;
import dev.likeness.benchmarks.measure.Report;
import dev.likeness.benchmarks.measure.Rounds;
import dev.likeness.benchmarks.measure.TemporaryFolder;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Question: how fast is a training step, beside PyTorch with the same network, batch, threads and
 * optimizer; does memory stay flat; and how much of it does computing blocks twice save?
 */
@Command(
    name = "train",
    description = "Compares training steps with PyTorch, and measures their memory.",
    mixinStandardHelpOptions = true)
public final class TrainBenchmark implements Callable<Integer> {

  private static final int STEPS_PER_LINE = 100;
  private static final int STEPS_FOR_PEAK = 3;

  @Option(
      names = "--networks",
      split = ",",
      defaultValue = "resnet34,vit-b16",
      description = "Networks, filled with formula weights, or .onnx files (${DEFAULT-VALUE}).")
  private List<String> networks = List.of();

  @Option(
      names = "--batch",
      defaultValue = "8",
      description = "Images per step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--turn",
      defaultValue = "1",
      description = "Steps per turn (default: ${DEFAULT-VALUE}).")
  private int turn;

  @Option(
      names = "--threads",
      description = "Threads of each contender (default: one per processor).")
  private @Nullable Integer threadsWanted;

  @Option(names = "--python", description = "A Python with torch to compare with.")
  private @Nullable Path python;

  @Option(
      names = "--peer-preload",
      description = "A library that Python loads first, such as a faster BLAS than its own.")
  private @Nullable Path peerPreload;

  @Option(
      names = "--memory-steps",
      defaultValue = "0",
      description = "Steps of likeness-mini whose memory is followed; 0 leaves memory out.")
  private int memorySteps;

  @Mixin private Rounds rounds;

  private final Map<String, @Nullable Double> ratios = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    int threads =
        threadsWanted == null ? Runtime.getRuntime().availableProcessors() : threadsWanted;
    if (batch < 2 || turn < 1 || threads < 1 || memorySteps < 0) {
      throw new IllegalArgumentException(
          "--batch must be at least 2, --turn and --threads at least 1, --memory-steps at least 0");
    }
    Report report = new Report("train", rounds.json());
    report.condition("batch", batch);
    report.condition("peer_preload", peerPreload == null ? "nothing" : peerPreload.toString());
    try (TemporaryFolder folder = new TemporaryFolder()) {
      ModelStore store = ModelStore.open(folder.path());
      for (String name : networks) {
        compare(report, name, FormulaEncoder.publish(store, name), threads, folder.path());
      }
      report.condition("ratios", ratios);
      if (memorySteps > 0) {
        for (String name : networks) {
          peaks(report, name, store, threads);
        }
        follow(report, FormulaEncoder.publish(store, "likeness-mini"), threads);
      }
    }
    report.finish();
    return 0;
  }

  private void compare(Report report, String name, ModelPackage model, int threads, Path folder)
      throws Exception {
    try (OurTraining ours = new OurTraining(model, batch, threads, false);
        TorchPeer peer = peer(name, threads, folder)) {
      List<Contender> contenders = new ArrayList<>();
      if (peer != null) {
        if (peer.trainedValues() != ours.trainedValues()) {
          throw new IllegalStateException(
              "%s has %d trained values here and %d in the peer"
                  .formatted(name, ours.trainedValues(), peer.trainedValues()));
        }
        contenders.add(new Contender("PyTorch " + peer.version(), () -> peer.steps(turn)));
      }
      contenders.add(new Contender("likeness", () -> ours.steps(turn)));
      ComparisonResult result = rounds.comparison().run(contenders);
      ObjectNode unused = report.add(name, "images", threads, result);
      ratios.put(name, peer == null ? null : result.lines().getLast().ratio().median());
    }
  }

  private @Nullable TorchPeer peer(String name, int threads, Path folder) throws IOException {
    return python == null || !TorchPeer.NETWORKS.contains(name)
        ? null
        : new TorchPeer(python, folder, name, batch, threads, peerPreload);
  }

  /** The sparing way first: what the other one leaves behind would count as its own. */
  private void peaks(Report report, String name, ModelStore store, int threads) throws Exception {
    try (OurTraining ours =
        new OurTraining(FormulaEncoder.publish(store, name), batch, threads, false)) {
      for (boolean twice : new boolean[] {true, false}) {
        ProcessMemory.restartPeak();
        for (int step = 0; step < STEPS_FOR_PEAK; step++) {
          ours.step(twice);
        }
        report.condition(
            "%s_peak_mb_%s".formatted(name, twice ? "blocks_computed_twice" : "all_kept"),
            ProcessMemory.peak().map(Object::toString).orElse("unknown"));
      }
    }
  }

  private void follow(Report report, ModelPackage model, int threads) throws Exception {
    Map<Integer, Long> resident = new LinkedHashMap<>();
    try (OurTraining ours = new OurTraining(model, batch, threads, false)) {
      for (int step = 1; step <= memorySteps; step++) {
        ours.step(false);
        if (step % STEPS_PER_LINE == 0) {
          int done = step;
          ProcessMemory.resident().ifPresent(mb -> resident.put(done, mb));
        }
      }
    }
    report.condition("resident_mb_after_steps", resident);
  }
}
