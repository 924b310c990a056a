package dev.likeness.index.collection;

import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that writes and deletes vectors until it is killed. Prints {@code ready}, and then one
 * line after each acknowledgement: {@code put <batch> done} or {@code delete <batch> done}. Four
 * threads, each with batches of its own. Batch n holds ids n/0 … n/4 with values (n, position);
 * every third batch is deleted again.
 */
public final class CrashingWriter {

  static final int BATCH = 5;
  private static final int THREADS = 4;

  private CrashingWriter() {}

  /** Arguments: directory of the index, number of the first batch. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    CollectionCatalog catalog = CatalogFixture.open(Path.of(arguments[0]));
    catalog.create(new CollectionName("c"), CatalogFixture.SETTINGS, "");
    Collection collection = catalog.get(new CollectionName("c"));
    int first = Integer.parseInt(arguments[1]);
    say("ready");
    List<Thread> threads = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      int start = first + t;
      threads.add(Thread.ofPlatform().start(() -> writeForever(collection, start)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void writeForever(Collection collection, int start) {
    for (int batch = start; ; batch += THREADS) {
      put(collection, batch);
      say("put %d done".formatted(batch));
      if (batch % 3 == 0) {
        collection.delete(ids(batch));
        say("delete %d done".formatted(batch));
      }
    }
  }

  private static void put(Collection collection, int batch) {
    UpsertBatch upsert = collection.newBatch();
    List<VectorId> ids = ids(batch);
    for (int i = 0; i < BATCH; i++) {
      VectorId id = ids.get(i);
      float[] values = {batch, i};
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
