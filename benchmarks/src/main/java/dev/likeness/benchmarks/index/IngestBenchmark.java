package dev.likeness.benchmarks.index;

import dev.likeness.benchmarks.measure.ComparisonResult;
import dev.likeness.benchmarks.measure.Contender;
import dev.likeness.benchmarks.measure.Report;
import dev.likeness.benchmarks.measure.Rounds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Durable writing beside RocksDB. */
final class IngestBenchmark {

  private final Report report;
  private final VectorData data;
  private final Rounds rounds;
  private final Map<String, @Nullable Double> ratios;

  IngestBenchmark(
      Report report, VectorData data, Rounds rounds, Map<String, @Nullable Double> ratios) {
    this.report = report;
    this.data = data;
    this.rounds = rounds;
    this.ratios = ratios;
  }

  /** Writes batches of one size. */
  void run(int batchSize, int batches, Path folder) throws Exception {
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
