package dev.likeness.benchmarks.index;

import dev.likeness.benchmarks.measure.ComparisonResult;
import dev.likeness.benchmarks.measure.Contender;
import dev.likeness.benchmarks.measure.Report;
import dev.likeness.benchmarks.measure.Rounds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The same engine called directly and by gRPC, which is what its callers wait for. */
final class ServedBenchmark {

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

  private final Report report;
  private final VectorData data;
  private final int threads;
  private final Rounds rounds;
  private final Map<String, @Nullable Double> ratios;

  ServedBenchmark(
      Report report,
      VectorData data,
      int threads,
      Rounds rounds,
      Map<String, @Nullable Double> ratios) {
    this.report = report;
    this.data = data;
    this.threads = threads;
    this.rounds = rounds;
    this.ratios = ratios;
  }

  /** Starts the service with its files in {@code folder}, and calls it. */
  void run(Path folder) throws Exception {
    Path root = Path.of(System.getProperty("likeness.root", "."));
    Path home = Files.createDirectory(folder.resolve("served"));
    try (OurIndex direct = new OurIndex(data, threads);
        ServedIndex served = ServedIndex.start(data, root, home, threads)) {
      long started = System.nanoTime();
      served.searchAll(1, FIRST_CALLS);
      double firstCalls = (System.nanoTime() - started) / 1e6 / FIRST_CALLS;
      report.condition(
          "served_first_%d_calls_ms_each".formatted(FIRST_CALLS),
          Math.round(firstCalls * 10) / 10.0);
      report.line("calling until the JVMs have compiled what a call runs through");
      served.settle();
      for (Batch batch : Batch.ALL) {
        direct.searchAll(batch.size(), SETTLING_TURNS * batch.repetitions());
        served.searchAll(batch.size(), SETTLING_TURNS * batch.repetitions());
      }
      for (Batch batch : Batch.ALL) {
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
      compareCallers(served);
    }
  }

  /** Single queries of many callers at a time, beside those of one. */
  private void compareCallers(ServedIndex served) throws Exception {
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
}
