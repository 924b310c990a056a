package dev.likeness.index.history;

import dev.likeness.index.collection.AliasChange;
import dev.likeness.index.collection.Collection;
import dev.likeness.index.collection.CollectionCatalog;
import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.CollectionSettings;
import dev.likeness.index.collection.GraphSettings;
import dev.likeness.index.collection.IndexResources;
import dev.likeness.index.collection.StorageSettings;
import dev.likeness.index.collection.UpkeepThreads;
import dev.likeness.index.collection.UpsertBatch;
import dev.likeness.index.collection.VectorInput;
import dev.likeness.index.error.CollectionNotFoundException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.graph.BuildThreads;
import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.search.MemoryBudget;
import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.SearchPool;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.FieldName;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue.NumberValue;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * Concurrent callers that say what they do before and after each call, until they have done enough
 * or are killed. Three vectors that are always written and deleted together are one register; a
 * version is written once only. The alias {@code live} is one register more.
 *
 * <pre>
 * i &lt;call&gt; &lt;register&gt; w &lt;version&gt; | i &lt;call&gt; &lt;register&gt; r     before the call; version 0 deletes
 * o &lt;call&gt; &lt;version&gt;                                      after it, with what was written or read
 * </pre>
 */
public final class HistoryWriter {

  static final int REGISTERS = 3;
  static final int ALIAS = REGISTERS;
  static final int TORN = -1;

  private static final int VECTORS = 3;
  private static final int THREADS = 4;
  private static final long SEAL_BYTES = 9000;
  private static final FieldName REGISTER = new FieldName("register");

  private final CollectionCatalog catalog;
  private final PrintStream out;
  private int calls;

  private HistoryWriter(CollectionCatalog catalog, PrintStream out) {
    this.catalog = catalog;
    this.out = out;
  }

  /** Arguments: directory, number of the first call, calls per thread, seed. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    run(
        Path.of(arguments[0]),
        Integer.parseInt(arguments[1]),
        Integer.parseInt(arguments[2]),
        Long.parseLong(arguments[3]),
        System.out);
  }

  static void run(Path root, int firstCall, int callsPerThread, long seed, PrintStream out)
      throws IOException, InterruptedException {
    try (SearchPool pool = new SearchPool(2, 64);
        UpkeepThreads upkeep = new UpkeepThreads(1);
        BuildThreads build = new BuildThreads(1);
        CollectionCatalog catalog =
            CollectionCatalog.open(
                root,
                new IndexResources(
                    new SimdKernel(),
                    pool,
                    new MemoryBudget(64 << 20),
                    new FileOperations(),
                    (nanos, batches) -> {},
                    Clock.systemUTC(),
                    new StorageSettings(SEAL_BYTES, upkeep, upkeep),
                    new GraphSettings(build)))) {
      CollectionSettings settings = new CollectionSettings(2, Similarity.INNER_PRODUCT, "");
      catalog.create(new CollectionName("c"), settings, "");
      HistoryWriter writer = new HistoryWriter(catalog, out);
      writer.calls = firstCall;
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        Random random = new Random(seed + t);
        threads.add(Thread.ofPlatform().start(() -> writer.call(random, callsPerThread)));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private void call(Random random, int count) {
    for (int i = 0; i < count; i++) {
      int register = random.nextInt(REGISTERS + 1);
      int kind = random.nextInt(10);
      if (register == ALIAS) {
        callAlias(kind < 3);
      } else if (kind < 4) {
        int call = begin(register, "w", true);
        put(register, call);
        end(call, call);
      } else if (kind < 5) {
        int call = begin(register, "w", false);
        catalog.get(new CollectionName("c")).delete(ids(register));
        end(call, 0);
      } else {
        int call = begin(register, "r", false);
        end(call, kind < 8 ? found(register) : got(register));
      }
    }
  }

  private void callAlias(boolean write) {
    CollectionName live = new CollectionName("live");
    if (write) {
      int call = begin(ALIAS, "w", true);
      CollectionName target = new CollectionName("target-" + call);
      catalog.create(target, new CollectionSettings(1, Similarity.INNER_PRODUCT, ""), "");
      catalog.setAliases(List.of(new AliasChange.Point(live, target)));
      end(call, call);
    } else {
      int call = begin(ALIAS, "r", false);
      int seen = 0;
      try {
        String name = catalog.get(live).name().value();
        seen = Integer.parseInt(name.substring("target-".length()));
      } catch (CollectionNotFoundException e) {
        seen = 0; // never pointed anywhere
      }
      end(call, seen);
    }
  }

  private synchronized int begin(int register, String kind, boolean versioned) {
    int call = calls++;
    String version = kind.equals("r") ? "" : versioned ? " " + call : " 0";
    out.println("i %d %d %s%s".formatted(call, register, kind, version));
    out.flush();
    return call;
  }

  private synchronized void end(int call, int version) {
    out.println("o %d %d .".formatted(call, version));
    out.flush();
  }

  private void put(int register, int version) {
    UpsertBatch batch = catalog.get(new CollectionName("c")).newBatch();
    Payload payload = Payload.of(Map.of("register", new NumberValue(register)));
    for (VectorId id : ids(register)) {
      int thousands = version / 1000;
      float[] values = {thousands, version % 1000};
      batch.add(() -> new VectorInput(id, payload, values));
    }
    batch.commit();
  }

  /** The version by a search; {@link #TORN} if its vectors differ. */
  private int found(int register) {
    Collection collection = catalog.get(new CollectionName("c"));
    Filter mine = Filter.In.of(REGISTER, new NumberValue(register));
    var thousands =
        collection.search(
            List.of(
                collection.query("q", new float[] {1, 0}),
                collection.query("q", new float[] {0, 1})),
            10,
            mine,
            Optional.empty(),
            () -> false);
    Map<VectorId, Float> high = scores(thousands.answers().get(0).neighbors());
    Map<VectorId, Float> low = scores(thousands.answers().get(1).neighbors());
    List<Integer> versions = new ArrayList<>();
    high.forEach((id, score) -> versions.add((int) (score * 1000 + low.getOrDefault(id, -1f))));
    boolean counted = thousands.matchingCount() == versions.size();
    return counted ? common(versions) : TORN;
  }

  private static Map<VectorId, Float> scores(List<Neighbor> neighbors) {
    return neighbors.stream().collect(Collectors.toMap(Neighbor::id, Neighbor::score));
  }

  /** The version by ids. */
  private int got(int register) {
    return common(
        catalog.get(new CollectionName("c")).get(ids(register)).stream()
            .flatMap(Optional::stream)
            .map(put -> (int) (put.values()[0] * 1000 + put.values()[1]))
            .toList());
  }

  private static int common(List<Integer> versions) {
    if (versions.isEmpty()) {
      return 0;
    }
    boolean whole =
        versions.size() == VECTORS && versions.stream().allMatch(versions.getFirst()::equals);
    return whole ? versions.getFirst() : TORN;
  }

  private static List<VectorId> ids(int register) {
    List<VectorId> ids = new ArrayList<>();
    for (int i = 0; i < VECTORS; i++) {
      ids.add(new VectorId("r%d/%d".formatted(register, i)));
    }
    return ids;
  }
}
