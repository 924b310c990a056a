package dev.likeness.index.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.filter.Filter;
import dev.likeness.index.graph.GraphFixture;
import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that builds and writes graphs is killed again and again. */
class GraphCrashTest {

  private static final int DIMENSION = 64;
  private static final int BATCH = 50;
  private static final int KILLS = 6;
  private static final int SOAK_KILLS = 60;
  private static final CollectionName NAME = new CollectionName("c");

  /** Some ten batches: segments are sealed, merged and given graphs all the time. */
  private static final long SEAL_BYTES = 128 << 10;

  /** Writes batches from the one given on, saying so after each, until it is killed. */
  public static final class Writer {
    private Writer() {}

    public static void main(String[] arguments) throws IOException {
      CollectionCatalog catalog = open(Path.of(arguments[0]), new UpkeepThreads(1));
      catalog.create(NAME, new CollectionSettings(DIMENSION, Similarity.COSINE, ""), "");
      catalog.chooseEngine(NAME, new EngineChoice(Engine.GRAPH, 0.9));
      System.out.println("ready");
      for (int batch = Integer.parseInt(arguments[1]); ; batch++) {
        UpsertBatch upsert = catalog.get(NAME).newBatch();
        float[][] vectors = vectors(batch);
        for (int i = 0; i < BATCH; i++) {
          VectorInput input = new VectorInput(id(batch, i), Payload.EMPTY, vectors[i]);
          upsert.add(() -> input);
        }
        upsert.commit();
        System.out.println("put " + batch + " done");
      }
    }
  }

  @Test
  void graphsAreWholeOrMadeAgainAfterAKill(@TempDir Path root)
      throws IOException, InterruptedException {
    int kills = Boolean.getBoolean("likeness.test.soak") ? SOAK_KILLS : KILLS;
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int acknowledged = 0;
    for (int kill = 0; kill < kills; kill++) {
      // When
      acknowledged = writeUntilKilled(root, acknowledged, 5 + random.nextInt(40));

      // Then
      String where = "seed %d, kill %d".formatted(seed, kill);
      try (CollectionCatalog catalog = open(root, Runnable::run)) {
        awaitGraphs();
        Collection collection = catalog.get(NAME);
        assertThat(collection.check().problems()).as(where).isEmpty();
        verify(catalog, acknowledged, where);
      }
    }
  }

  private static void verify(CollectionCatalog catalog, int acknowledged, String where) {
    Collection collection = catalog.get(NAME);
    for (int batch = 0; batch < acknowledged; batch++) {
      int number = batch;
      List<VectorId> ids = IntStream.range(0, BATCH).mapToObj(i -> id(number, i)).toList();
      assertThat(collection.get(ids)).as(where).allMatch(Optional::isPresent);
    }
    int asked = 0;
    int found = 0;
    for (int batch = 0; batch < acknowledged; batch++) {
      float[][] vectors = vectors(batch);
      for (int i = 7; i < BATCH; i += 10) { // several of each, or one miss of a few would decide
        SearchResult result =
            collection.search(
                List.of(collection.query("query", vectors[i])),
                1,
                Filter.EVERYTHING,
                Optional.empty(),
                () -> false);
        Neighbor nearest = result.answers().getFirst().neighbors().getFirst();
        asked++;
        found += nearest.id().equals(id(batch, i)) ? 1 : 0;
      }
    }
    assertThat((double) found / asked).as(where).isGreaterThan(0.9);
  }

  private static CollectionCatalog open(Path root, Executor threads) throws IOException {
    StorageSettings storage = new StorageSettings(SEAL_BYTES, threads, threads);
    return CollectionCatalog.open(
        root, CatalogFixture.resources(new FileOperations(), 256 << 20, storage));
  }

  private static float[][] vectors(int batch) {
    return GraphFixture.clustered(BATCH, DIMENSION, 3, batch);
  }

  private static VectorId id(int batch, int i) {
    return new VectorId(batch + "/" + i);
  }

  private static void awaitGraphs() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    CatalogFixture.BUILD.queue(done::countDown);
    done.await();
  }

  /** How many batches are acknowledged afterwards. */
  private static int writeUntilKilled(Path root, int first, int lines)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-modules",
                "jdk.incubator.vector",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                root.toString(),
                Integer.toString(first))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int acknowledged = first;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("ready");
      int said = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (++said == lines) {
          process.toHandle().destroyForcibly(); // SIGKILL; what it said before is still read
        }
        if (line.endsWith(" done")) {
          acknowledged++;
        }
      }
    }
    process.waitFor();
    return acknowledged;
  }
}
