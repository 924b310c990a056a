package dev.likeness.benchmarks.index;

import dev.likeness.benchmarks.measure.ComparisonResult;
import dev.likeness.benchmarks.measure.Contender;
import dev.likeness.benchmarks.measure.Report;
import dev.likeness.benchmarks.measure.Rounds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Exact search beside FAISS, and beside what the machine could do at best. */
final class ExactBenchmark {

  /** Queries whose answers are compared with the peer's. */
  private static final int COMPARED = 100;

  private final Report report;
  private final VectorData data;
  private final int threads;
  private final MachineLimits limits;
  private final Rounds rounds;
  private final Map<String, @Nullable Double> ratios;
  private final Map<String, Double> shares;

  /**
   * @param shares of the machine's limits, filled here
   */
  ExactBenchmark(
      Report report,
      VectorData data,
      int threads,
      MachineLimits limits,
      Rounds rounds,
      Map<String, @Nullable Double> ratios,
      Map<String, Double> shares) {
    this.report = report;
    this.data = data;
    this.threads = threads;
    this.limits = limits;
    this.rounds = rounds;
    this.ratios = ratios;
    this.shares = shares;
  }

  /**
   * Compares batches of all sizes.
   *
   * @param python runs the peer; null to measure ours alone
   */
  void run(@Nullable Path python, Path folder) throws Exception {
    try (SearchPeer faiss = python == null ? null : startPeer(python, folder);
        OurIndex ours = new OurIndex(data, threads)) {
      if (faiss != null) {
        report.condition("same_answers_of_peer", agreement(faiss, ours));
      }
      for (Batch batch : Batch.ALL) {
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
        addShares(batch, line.perSecond().median());
      }
      report.condition("rescored_per_query", ours.search(0, 1).rescoredCount());
      report.condition(
          "rescored_per_query_of_1000",
          ours.search(0, data.queries().length).rescoredCount() / data.queries().length);
    }
  }

  private SearchPeer startPeer(Path python, Path folder) throws Exception {
    VectorData.write(folder.resolve("rows.f32"), data.rows());
    VectorData.write(folder.resolve("queries.f32"), data.queries());
    report.line("choosing the peer's fastest BLAS kernels");
    SearchPeer faiss = SearchPeer.fastestFaiss(python, folder, data.dimension(), threads);
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
  private void addShares(Batch batch, double queriesPerSecond) {
    double values = (double) data.rows().length * data.dimension();
    shares.put(batch.name() + "_flop", 2 * values * queriesPerSecond / limits.flopPerSecond());
    shares.put(
        batch.name() + "_float_bytes",
        values * Float.BYTES * queriesPerSecond / batch.size() / limits.bytesPerSecond());
  }
}
