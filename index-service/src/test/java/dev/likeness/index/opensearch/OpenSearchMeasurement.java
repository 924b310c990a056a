package dev.likeness.index.opensearch;

import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.CollectionSettings;
import dev.likeness.index.collection.UpsertBatch;
import dev.likeness.index.collection.VectorCollection;
import dev.likeness.index.collection.VectorInput;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.NeighborList;
import dev.likeness.index.search.Query;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * The figures of docs/scaling.md: writes acknowledged per second, time of a search, recall of the
 * graph against the exact search, bytes on disk. Arguments: nodes, vectors, dimension.
 */
public final class OpenSearchMeasurement {

  private static final int K = 10;
  private static final int IN_SMALL_BATCHES = 2000;
  private static final int QUERIES = 60;

  /** A node looks at the sizes of its files every ten seconds. */
  private static final Duration SIZE_MAY_BE_OLD = Duration.ofSeconds(12);

  private OpenSearchMeasurement() {}

  /** Prints one line per figure. */
  public static void main(String[] arguments) throws Exception {
    int nodeCount = Integer.parseInt(arguments[0]);
    int count = Integer.parseInt(arguments[1]);
    int dimension = Integer.parseInt(arguments[2]);
    if (count <= IN_SMALL_BATCHES) {
      throw new IllegalArgumentException("more than %d vectors".formatted(IN_SMALL_BATCHES));
    }
    Path folder = Files.createTempDirectory("likeness-measurement-");
    try (OpenSearchNodes nodes =
        OpenSearchNodes.start(folder, nodeCount, nodeCount == 1 ? 640 : 512)) {
      List<List<NeighborList>> answers = new ArrayList<>();
      for (boolean approximate : new boolean[] {false, true}) {
        var settings =
            new OpenSearchSettings(
                nodes.urls(),
                Optional.empty(),
                Optional.empty(),
                approximate ? "graph" : "exact",
                nodeCount,
                nodeCount == 1 ? 0 : 1,
                approximate,
                100,
                Duration.ofSeconds(60));
        try (OpenSearchStore store = StoreFixture.open(settings, Clock.systemUTC())) {
          answers.add(measure(store, settings.prefix(), count, dimension));
        }
      }
      print("recall@%d of the graph %.3f", K, recall(answers.getFirst(), answers.getLast()));
    }
  }

  private static List<NeighborList> measure(
      OpenSearchStore store, String label, int count, int dimension) throws InterruptedException {
    CollectionName name = new CollectionName("c");
    store.create(name, new CollectionSettings(dimension, Similarity.COSINE, ""), "");
    VectorCollection collection = store.get(name);
    Random random = new Random(1);
    float[][] centers = new float[200][];
    for (int c = 0; c < centers.length; c++) {
      centers[c] = gaussian(random, new float[dimension], 1);
    }
    ingest(collection, label, 0, IN_SMALL_BATCHES, 100, centers, random);
    ingest(collection, label, IN_SMALL_BATCHES, count, 1000, centers, random);
    List<Query> queries = new ArrayList<>();
    for (int q = 0; q < QUERIES; q++) {
      queries.add(collection.query("query", gaussian(random, centers[q % centers.length], 0.8f)));
    }
    search(collection, queries.subList(0, 20));
    double[] millis = new double[QUERIES];
    List<NeighborList> answers = new ArrayList<>();
    for (int q = 0; q < QUERIES; q++) {
      long start = System.nanoTime();
      answers.addAll(search(collection, queries.subList(q, q + 1)));
      millis[q] = (System.nanoTime() - start) / 1e6;
    }
    Arrays.sort(millis);
    print(
        "%s: one query, median %.1f ms, 95%% within %.1f ms",
        label, millis[QUERIES / 2], millis[QUERIES * 95 / 100]);
    long start = System.nanoTime();
    search(collection, queries);
    print(
        "%s: %d queries in one request %.0f ms", label, QUERIES, (System.nanoTime() - start) / 1e6);
    Thread.sleep(SIZE_MAY_BE_OLD);
    print("%s: %d bytes on disk, all copies", label, store.describe(name).sizeBytes());
    return answers;
  }

  private static void ingest(
      VectorCollection collection,
      String label,
      int from,
      int to,
      int batchSize,
      float[][] centers,
      Random random) {
    long start = System.nanoTime();
    for (int first = from; first < to; first += batchSize) {
      UpsertBatch batch = collection.newBatch();
      for (int i = first; i < first + batchSize; i++) {
        VectorId id = new VectorId("v" + i);
        float[] values = gaussian(random, centers[i % centers.length], 0.8f);
        batch.add(() -> new VectorInput(id, Payload.EMPTY, values));
      }
      batch.commit();
    }
    print(
        "%s: %.0f vectors/s acknowledged in batches of %d",
        label, (to - from) / ((System.nanoTime() - start) / 1e9), batchSize);
  }

  private static List<NeighborList> search(VectorCollection collection, List<Query> queries) {
    return collection
        .search(queries, K, Filter.EVERYTHING, Optional.empty(), () -> false)
        .answers();
  }

  private static double recall(List<NeighborList> exact, List<NeighborList> graph) {
    long found = 0;
    for (int q = 0; q < exact.size(); q++) {
      var ids = exact.get(q).neighbors().stream().map(Neighbor::id).collect(Collectors.toSet());
      found += graph.get(q).neighbors().stream().map(Neighbor::id).filter(ids::contains).count();
    }
    return (double) found / (exact.size() * K);
  }

  private static float[] gaussian(Random random, float[] center, float spread) {
    float[] values = new float[center.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = center[i] + spread * (float) random.nextGaussian();
    }
    return values;
  }

  private static void print(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
