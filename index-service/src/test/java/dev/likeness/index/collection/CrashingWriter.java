package dev.likeness.index.collection;

import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that writes until it is killed, while its logs are sealed and its segments merged.
 * Prints {@code ready}, and then one line after each acknowledgement.
 *
 * <p>Three threads write batches of their own to the collection {@code c}: batch n holds ids n/0 …
 * n/4 with values (n, position), and {@code put n done} is said. Every fifth is written again with
 * values (n, position + 100), {@code again n done}; every third is deleted, {@code delete n done}.
 * A fourth builds generations: a new collection with {@value #GENERATION} vectors, to which the
 * alias {@code live} is then pointed, {@code alias n done}; the generation before the last is
 * deleted.
 */
public final class CrashingWriter {

  static final int BATCH = 5;
  static final int GENERATION = 12;
  static final float AGAIN = 100;
  private static final int THREADS = 3;

  /** Some dozens of batches. */
  private static final long SEAL_BYTES = 16 << 10;

  private CrashingWriter() {}

  /** Arguments: directory of the index, number of the first batch. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    UpkeepThreads upkeep = new UpkeepThreads(1);
    CollectionCatalog catalog =
        open(Path.of(arguments[0]), new StorageSettings(SEAL_BYTES, upkeep, upkeep));
    catalog.create(new CollectionName("c"), CatalogFixture.SETTINGS, "");
    Collection collection = catalog.get(new CollectionName("c"));
    int first = Integer.parseInt(arguments[1]);
    say("ready");
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int start = first + t;
      threads.add(Thread.ofPlatform().start(() -> writeForever(collection, start)));
    }
    threads.add(Thread.ofPlatform().start(() -> renewForever(catalog, first)));
    for (Thread thread : threads) {
      thread.join();
    }
  }

  static CollectionCatalog open(Path root, StorageSettings storage) throws IOException {
    return CollectionCatalog.open(
        root, CatalogFixture.resources(new FileOperations(), 256 << 20, storage));
  }

  private static void writeForever(Collection collection, int start) {
    for (int batch = start; ; batch += THREADS) {
      put(collection, batch, BATCH, 0);
      say("put %d done".formatted(batch));
      if (batch % 5 == 0) {
        put(collection, batch, BATCH, AGAIN);
        say("again %d done".formatted(batch));
      }
      if (batch % 3 == 0) {
        collection.delete(ids(batch));
        say("delete %d done".formatted(batch));
      }
    }
  }

  private static void renewForever(CollectionCatalog catalog, int first) {
    for (int generation = first; ; generation++) {
      CollectionName name = generation(generation);
      catalog.create(name, CatalogFixture.SETTINGS, "");
      put(catalog.get(name), generation, GENERATION, 0);
      catalog.setAliases(List.of(new AliasChange.Point(new CollectionName("live"), name)));
      say("alias %d done".formatted(generation));
      if (generation > first + 1) {
        catalog.delete(generation(generation - 2));
      }
    }
  }

  static CollectionName generation(int number) {
    return new CollectionName("generation-" + number);
  }

  private static void put(Collection collection, int batch, int size, float offset) {
    UpsertBatch upsert = collection.newBatch();
    for (int i = 0; i < size; i++) {
      VectorId id = new VectorId(batch + "/" + i);
      float[] values = {batch, i + offset};
      upsert.add(() -> new VectorInput(id, Payload.EMPTY, values));
    }
    upsert.commit();
  }

  static List<VectorId> ids(int batch) {
    List<VectorId> ids = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      ids.add(new VectorId(batch + "/" + i));
    }
    return ids;
  }

  private static void say(String line) {
    synchronized (CrashingWriter.class) {
      System.out.println(line);
      System.out.flush();
    }
  }
}
