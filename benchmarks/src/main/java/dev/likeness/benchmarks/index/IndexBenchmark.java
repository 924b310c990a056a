package dev.likeness.benchmarks.index;

import dev.likeness.benchmarks.measure.Report;
import dev.likeness.benchmarks.measure.Rounds;
import dev.likeness.benchmarks.measure.TemporaryFolder;
import java.nio.file.Files;
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
 * Question: how fast are search, exact and by graph, and durable writing, beside FAISS, hnswlib and
 * RocksDB, and what does gRPC add?
 */
@Command(
    name = "index",
    description =
        "Compares search, exact and by graph, with FAISS and durable writing with RocksDB.",
    mixinStandardHelpOptions = true)
public final class IndexBenchmark implements Callable<Integer> {

  /** Queries in all: those of the largest batch. */
  private static final int QUERIES = 1000;

  private static final long SEED = 20_240_501;

  /** What is measured. */
  private enum Part {
    EXACT,
    GRAPH,
    INGEST,
    SERVED
  }

  @Option(
      names = "--rows",
      defaultValue = "100000",
      description = "Vectors to search (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--dimension",
      defaultValue = "512",
      description = "Values per vector (default: ${DEFAULT-VALUE}).")
  private int dimension;

  @Option(
      names = "--data",
      defaultValue = "RANDOM",
      description = "Law of the vectors: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private VectorData.Law law;

  @Option(
      names = "--threads",
      description = "Threads of each contender (default: one per processor).")
  private @Nullable Integer threadsWanted;

  @Option(
      names = "--only",
      split = ",",
      defaultValue = "EXACT,GRAPH,INGEST,SERVED",
      description = "What to measure: ${COMPLETION-CANDIDATES} (default: all).")
  private List<Part> parts = List.of();

  @Option(
      names = "--peer",
      split = ",",
      description =
          "What to compare search with: faiss, and hnswlib, which searches by graph only (default:"
              + " nothing).")
  private List<String> peerWords = List.of();

  @Option(
      names = "--python",
      defaultValue = "python3",
      description = "A Python with numpy and the peers (default: ${DEFAULT-VALUE}).")
  private Path python;

  @Mixin private Rounds rounds;

  private List<SearchPeer.Kind> peers = List.of();

  private final Map<String, @Nullable Double> ratios = new LinkedHashMap<>();
  private final Map<String, Double> shares = new LinkedHashMap<>();

  @Override
  public Integer call() throws Exception {
    requireOptions();
    int threads =
        threadsWanted == null ? Runtime.getRuntime().availableProcessors() : threadsWanted;
    Report report = new Report("index", rounds.json());
    report.condition("rows", rows);
    report.condition("dimension", dimension);
    report.condition("data", law);
    MachineLimits limits = MachineLimits.measure(threads);
    report.condition("limit_gflop_per_second", Math.round(limits.flopPerSecond() / 1e9));
    report.condition("limit_gbyte_per_second", tenths(limits.bytesPerSecond() / 1e9));
    VectorData data = VectorData.draw(law, rows, QUERIES, dimension, SEED);
    try (TemporaryFolder folder = new TemporaryFolder()) {
      if (parts.contains(Part.EXACT)) {
        new ExactBenchmark(report, data, threads, limits, rounds, ratios, shares)
            .run(peers.contains(SearchPeer.Kind.FAISS) ? python : null, folder.path());
      }
      if (parts.contains(Part.GRAPH)) {
        compareGraphs(report, threads, folder.path());
      }
      if (parts.contains(Part.INGEST)) {
        IngestBenchmark ingest = new IngestBenchmark(report, data, rounds, ratios);
        ingest.run(100, 50, folder.path());
        ingest.run(1000, 5, folder.path());
      }
      if (parts.contains(Part.SERVED)) {
        new ServedBenchmark(report, data, threads, rounds, ratios).run(folder.path());
      }
    }
    report.condition("ratios", ratios);
    report.condition("share_of_limit", shares);
    report.finish();
    return 0;
  }

  private void requireOptions() {
    peers = peerWords.stream().map(SearchPeer.Kind::of).toList();
    if (rows < QUERIES || dimension < 1 || (threadsWanted != null && threadsWanted < 1)) {
      throw new IllegalArgumentException(
          "--rows must be at least %d, --dimension and --threads at least 1".formatted(QUERIES));
    }
  }

  private void compareGraphs(Report report, int threads, Path folder) throws Exception {
    ratios.put("graph_recall_95", null);
    ratios.put("graph_recall_99", null);
    ratios.put("graph_build", null);
    report.condition("graph_data", VectorData.Law.EMBEDDED);
    VectorData data = VectorData.draw(VectorData.Law.EMBEDDED, rows, QUERIES, dimension, SEED);
    Path own = Files.createDirectory(folder.resolve("graph"));
    GraphBenchmark benchmark = new GraphBenchmark(report, data, threads, rounds, ratios);
    VectorData.write(own.resolve("rows.f32"), data.rows());
    VectorData.write(own.resolve("queries.f32"), data.queries());
    List<SearchPeer> started = new ArrayList<>();
    try {
      for (SearchPeer.Kind kind : peers) {
        started.add(SearchPeer.withGraph(kind, python, own, dimension, threads));
        report.condition(
            GraphBenchmark.of(started.getLast(), "graph_peer"),
            kind.word() + " " + started.getLast().version());
      }
      benchmark.run(started, own);
    } finally {
      started.forEach(SearchPeer::close);
    }
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }
}
