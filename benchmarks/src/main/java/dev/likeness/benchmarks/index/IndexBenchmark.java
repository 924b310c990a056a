package dev.likeness.benchmarks.index;

import dev.likeness.benchmarks.measure.ComparisonResult;
import dev.likeness.benchmarks.measure.Contender;
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

  /** Queries whose answers are compared with the peer's. */
  private static final int COMPARED = 100;

  /**
   * Callers at a time, of single queries; what the first one does is what others are compared with.
   */
  private static final int[] CALLERS = {1, 16, 64};

  /** Of all callers together in a turn. */
  private static final int SINGLE_QUERIES = 256;

  /** Calls right after the start of the service, whose time is told apart. */
  private static final int FIRST_CALLS = 100;

  /** Before the direct and the served engine are compared. */
  private static final int SETTLING_TURNS = 20;

  private static final long SEED = 20_240_501;

  /** What is measured. */
  private enum Part {
    EXACT,
    GRAPH,
    INGEST,
    SERVED
  }

  /**
   * A size of batch.
   *
   * @param repetitions per turn, so that a turn lasts much longer than asking for it
   */
  private record Batch(String name, int size, int repetitions) {}

  private static final List<Batch> BATCHES =
      List.of(
          new Batch("exact_batch_1000", 1000, 1),
          new Batch("exact_batch_16", 16, 4),
          new Batch("exact_single", 1, 20));

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
        compareSearch(report, data, threads, limits, folder.path());
      }
      if (parts.contains(Part.GRAPH)) {
        compareGraphs(report, threads, folder.path());
      }
      if (parts.contains(Part.INGEST)) {
        compareIngest(report, data, 100, 50, folder.path());
        compareIngest(report, data, 1000, 5, folder.path());
      }
      if (parts.contains(Part.SERVED)) {
        compareServed(report, data, threads, folder.path());
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

  private void compareSearch(
      Report report, VectorData data, int threads, MachineLimits limits, Path folder)
      throws Exception {
    try (SearchPeer faiss = startPeer(report, data, threads, folder);
        OurIndex ours = new OurIndex(data, threads)) {
      if (faiss != null) {
        report.condition("same_answers_of_peer", agreement(faiss, ours));
      }
      for (Batch batch : BATCHES) {
        List<Contender> contenders = new ArrayList<>();
        if (faiss != null) {
          contenders.add(new Contender("FAISS IndexFlatIP", () -> turn(faiss, batch)));
        }
        contenders.add(
            new Contender(
                "likeness exact", () -> ours.searchAll(batch.size(), batch.repetitions())));
        ComparisonResult result = rounds.comparison().run(contenders);
        report.add(batch.name(), "queries", threads, result);
        ComparisonResult.Line line = result.lines().getLast();
        ratios.put(batch.name(), faiss == null ? null : line.ratio().median());
        addShares(batch, line.perSecond().median(), limits);
      }
      report.condition("rescored_per_query", ours.search(0, 1).rescoredCount());
      report.condition(
          "rescored_per_query_of_1000", ours.search(0, QUERIES).rescoredCount() / QUERIES);
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

  /** The same engine called directly and by gRPC, which is what its callers wait for. */
  private void compareServed(Report report, VectorData data, int threads, Path folder)
      throws Exception {
    Path root = Path.of(System.getProperty("likeness.root", "."));
    Path home = Files.createDirectory(folder.resolve("served"));
    try (OurIndex direct = new OurIndex(data, threads);
        ServedIndex served = ServedIndex.start(data, root, home, threads)) {
      long started = System.nanoTime();
      served.searchAll(1, FIRST_CALLS);
      double firstCalls = (System.nanoTime() - started) / 1e6 / FIRST_CALLS;
      report.condition("served_first_%d_calls_ms_each".formatted(FIRST_CALLS), tenths(firstCalls));
      report.line("calling until the JVMs have compiled what a call runs through");
      served.settle();
      for (Batch batch : BATCHES) {
        direct.searchAll(batch.size(), SETTLING_TURNS * batch.repetitions());
        served.searchAll(batch.size(), SETTLING_TURNS * batch.repetitions());
      }
      for (Batch batch : BATCHES) {
        String name = batch.name().replace("exact", "served");
        ComparisonResult result =
            rounds
                .comparison()
                .run(
                    List.of(
                        new Contender(
                            "called directly",
                            () -> direct.searchAll(batch.size(), batch.repetitions())),
                        new Contender(
                            "over gRPC",
                            () -> served.searchAll(batch.size(), batch.repetitions()))));
        report.add(name, "queries", threads, result);
        ratios.put(name, result.lines().getLast().ratio().median());
      }
      compareCallers(report, served, threads);
    }
  }

  /** Single queries of many callers at a time, beside those of one. */
  private void compareCallers(Report report, ServedIndex served, int threads) throws Exception {
    List<Contender> contenders = new ArrayList<>();
    for (int callers : CALLERS) {
      contenders.add(
          new Contender(
              callers == 1 ? "one caller" : callers + " callers",
              () -> served.searchAtOnce(callers, SINGLE_QUERIES / callers)));
    }
    ComparisonResult result = rounds.comparison().run(contenders);
    report.add("served_callers", "queries", threads, result);
    for (int i = 1; i < CALLERS.length; i++) {
      ratios.put("served_callers_" + CALLERS[i], result.lines().get(i).ratio().median());
    }
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private @Nullable SearchPeer startPeer(Report report, VectorData data, int threads, Path folder)
      throws Exception {
    if (!peers.contains(SearchPeer.Kind.FAISS)) {
      return null;
    }
    VectorData.write(folder.resolve("rows.f32"), data.rows());
    VectorData.write(folder.resolve("queries.f32"), data.queries());
    report.line("choosing the peer's fastest BLAS kernels");
    SearchPeer faiss = SearchPeer.fastestFaiss(python, folder, dimension, threads);
    report.condition("peer", "faiss " + faiss.version());
    report.condition(
        "peer_blas_core", faiss.blasCore().isEmpty() ? "its own choice" : faiss.blasCore());
    return faiss;
  }

  private static long turn(SearchPeer faiss, Batch batch) throws Exception {
    faiss.search(0, batch.size(), batch.repetitions());
    return (long) batch.size() * batch.repetitions();
  }

  /** The share of equal lists; the peer sums in another order, so near ties may differ. */
  private static double agreement(SearchPeer faiss, OurIndex ours) throws Exception {
    List<List<Integer>> theirs = faiss.neighbors(0, COMPARED);
    List<List<Integer>> found = ours.neighbors(0, COMPARED);
    int equal = 0;
    for (int q = 0; q < COMPARED; q++) {
      equal += found.get(q).equals(theirs.get(q)) ? 1 : 0;
    }
    return (double) equal / COMPARED;
  }

  /**
   * A scan of values needs {@code 2 · rows · dimension} operations per query, and reads all values
   * once per batch.
   */
  private void addShares(Batch batch, double queriesPerSecond, MachineLimits limits) {
    double values = (double) rows * dimension;
    shares.put(batch.name() + "_flop", 2 * values * queriesPerSecond / limits.flopPerSecond());
    shares.put(
        batch.name() + "_float_bytes",
        values * Float.BYTES * queriesPerSecond / batch.size() / limits.bytesPerSecond());
  }

  private void compareIngest(
      Report report, VectorData data, int batchSize, int batches, Path folder) throws Exception {
    String name = "ingest_" + batchSize;
    Path rocksFolder = Files.createDirectory(folder.resolve(name + "-rocksdb"));
    Path ourFolder = Files.createDirectory(folder.resolve(name + "-likeness"));
    try (RocksIngest rocks = new RocksIngest(rocksFolder, data.rows());
        OurIngest ours = new OurIngest(ourFolder, data.rows())) {
      ComparisonResult result =
          rounds
              .comparison()
              .run(
                  List.of(
                      new Contender("RocksDB, synced log", () -> rocks.write(batchSize, batches)),
                      new Contender("likeness, durable", () -> ours.write(batchSize, batches))));
      report.add(name, "vectors", 1, result);
      ratios.put(name, result.lines().getLast().ratio().median());
    }
  }
}
