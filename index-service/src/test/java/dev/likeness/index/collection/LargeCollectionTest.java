package dev.likeness.index.collection;

import static dev.likeness.index.collection.CatalogFixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.filter.Filter;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue.NumberValue;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A million vectors, with the times that docs/measurements.md quotes. Needs 6 GB of disk. */
@EnabledIfSystemProperty(named = "likeness.test.large", matches = "true")
class LargeCollectionTest {

  private static final int COUNT = 1_000_000;
  private static final int DIMENSION = 512;
  private static final int BATCH = 1000;

  @Test
  void opensAMillionVectors(@TempDir Path root) throws IOException {
    float[] query = new float[DIMENSION];
    SearchResult before;
    long start = System.nanoTime();
    try (UpkeepThreads upkeep = new UpkeepThreads(1);
        CollectionCatalog catalog = open(root, upkeep)) {
      catalog.create(
          name("c"), new CollectionSettings(DIMENSION, Similarity.INNER_PRODUCT, ""), "");
      fill(catalog.get(name("c")), query);
      say("wrote %,d vectors, sealing and merging beside it".formatted(COUNT), start);
      before = search(catalog.get(name("c")), query);
    }
    for (int round = 0; round < 3; round++) {
      try (UpkeepThreads upkeep = new UpkeepThreads(1)) {
        start = System.nanoTime();
        try (CollectionCatalog catalog = open(root, upkeep)) {
          say("opened", start);
          Collection collection = catalog.get(name("c"));
          assertThat(collection.vectorCount()).isEqualTo(COUNT);
          SearchResult after = search(collection, query);
          say("first search answered", start);
          assertThat(after.answers().getFirst().neighbors())
              .isEqualTo(before.answers().getFirst().neighbors());
          while (!catalog.describe(name("c")).isVerified()) {
            Thread.onSpinWait();
          }
          say("verified", start);
          assertThat(collection.failureReason()).isEmpty();
        }
      }
    }
  }

  private static CollectionCatalog open(Path root, UpkeepThreads upkeep) throws IOException {
    return CollectionCatalog.open(
        root,
        CatalogFixture.resources(
            new FileOperations(), 4L << 30, new StorageSettings(128 << 20, upkeep)));
  }

  private static void fill(Collection collection, float[] query) {
    Random random = new Random(1);
    float[] pool = new float[DIMENSION * 64];
    for (int i = 0; i < pool.length; i++) {
      pool[i] = (float) random.nextGaussian();
    }
    System.arraycopy(pool, 7, query, 0, DIMENSION);
    for (int first = 0; first < COUNT; first += BATCH) {
      UpsertBatch batch = collection.newBatch();
      for (int i = first; i < first + BATCH; i++) {
        float[] values = new float[DIMENSION];
        System.arraycopy(pool, random.nextInt(pool.length - DIMENSION), values, 0, DIMENSION);
        values[0] = i * 1e-6f;
        Payload payload = Payload.of(Map.of("number", new NumberValue(i)));
        String id = "image-%07d.jpg".formatted(i);
        batch.add(() -> new VectorInput(new VectorId(id), payload, values));
      }
      batch.commit();
    }
  }

  private static SearchResult search(Collection collection, float[] query) {
    return collection.search(
        List.of(collection.query("q", query)),
        10,
        Filter.EVERYTHING,
        Optional.empty(),
        () -> false);
  }

  private static void say(String what, long start) {
    System.out.printf("%s: %.2f s%n", what, (System.nanoTime() - start) / 1e9);
  }
}
