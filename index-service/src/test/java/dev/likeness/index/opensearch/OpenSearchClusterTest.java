package dev.likeness.index.opensearch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.CollectionSettings;
import dev.likeness.index.collection.UpsertBatch;
import dev.likeness.index.collection.VectorCollection;
import dev.likeness.index.collection.VectorInput;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three nodes, each vector on two of them. One is killed while vectors come in and are searched.
 */
@EnabledIfSystemProperty(
    named = "likeness.test.opensearch.cluster",
    matches = "true",
    disabledReason = "starts three nodes; run with -Dlikeness.test.opensearch.cluster=true")
class OpenSearchClusterTest {

  private static final int BATCH = 40;
  private static final int BATCHES_BEFORE = 15;
  private static final int BATCHES_AFTER = 25;
  private static final CollectionName NAME = new CollectionName("c");

  @Test
  void losesNothingAcknowledgedWhenANodeIsKilled(@TempDir Path folder) throws Exception {
    try (OpenSearchNodes nodes = OpenSearchNodes.start(folder, 3, 400);
        OpenSearchStore store =
            StoreFixture.open(
                new OpenSearchSettings(
                    nodes.urls(),
                    Optional.empty(),
                    Optional.empty(),
                    "cluster",
                    3,
                    1,
                    true,
                    100,
                    Duration.ofSeconds(90)),
                Clock.systemUTC());
        ExecutorService searcher = Executors.newSingleThreadExecutor()) {
      // Given
      store.create(NAME, new CollectionSettings(16, Similarity.COSINE, "encoder"), "");
      List<VectorId> acknowledged = new ArrayList<>();
      Random random = new Random(3);
      write(store, BATCHES_BEFORE, random, acknowledged);
      AtomicBoolean done = new AtomicBoolean();
      AtomicInteger searches = new AtomicInteger();
      Future<?> searching = searcher.submit(() -> search(store, done, searches));

      // When
      nodes.kill(0);
      write(store, BATCHES_AFTER, random, acknowledged);
      done.set(true);
      searching.get();

      // Then
      VectorCollection collection = store.get(NAME);
      assertThat(acknowledged).hasSize(BATCH * (BATCHES_BEFORE + BATCHES_AFTER));
      for (int from = 0; from < acknowledged.size(); from += BATCH) {
        assertThat(collection.get(acknowledged.subList(from, from + BATCH)))
            .allMatch(Optional::isPresent);
      }
      assertThat(collection.check().problems()).isEmpty();
      assertThat(collection.check().readableCount()).isEqualTo(acknowledged.size());
      assertThat(searches).hasPositiveValue();
    }
  }

  private static void write(
      OpenSearchStore store, int batches, Random random, List<VectorId> acknowledged) {
    for (int b = 0; b < batches; b++) {
      UpsertBatch batch = store.get(NAME).newBatch();
      List<VectorId> ids = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        VectorId id = new VectorId("v" + (acknowledged.size() + i));
        float[] values = random(random);
        ids.add(id);
        batch.add(() -> new VectorInput(id, Payload.EMPTY, values));
      }
      assertThat(batch.commit().refused()).isEmpty();
      acknowledged.addAll(ids);
    }
  }

  /** Every search answers in full: a shard that is missing makes it try again, not answer less. */
  private static void search(OpenSearchStore store, AtomicBoolean done, AtomicInteger searches) {
    Random random = new Random(4);
    while (!done.get()) {
      VectorCollection collection = store.get(NAME);
      var result =
          collection.search(
              List.of(collection.query("query", random(random))),
              10,
              Filter.EVERYTHING,
              Optional.empty(),
              () -> false);
      assertThat(result.answers().getFirst().neighbors()).hasSize(10);
      assertThat(result.matchingCount()).isGreaterThanOrEqualTo(BATCH * BATCHES_BEFORE);
      searches.incrementAndGet();
    }
  }

  private static float[] random(Random random) {
    float[] values = new float[16];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
