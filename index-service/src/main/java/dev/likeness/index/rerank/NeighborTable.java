package dev.likeness.index.rerank;

import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.NeighborList;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.VectorIndex;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * The nearest items of every item and how far the farthest is: all that k-reciprocal re-ranking
 * needs of the matrix of distances, which is never held.
 */
final class NeighborTable {

  private static final int BATCH = 1000;

  private final Items items;
  private final int[][] nearest;
  private final double[] farthest;

  private NeighborTable(Items items) {
    this.items = items;
    nearest = new int[items.count()][];
    farthest = new double[items.count()];
  }

  /**
   * @param index empty; it searches on its own threads
   * @param k neighbors of each item, itself not counted
   */
  static NeighborTable of(Items items, VectorIndex index, int k, BooleanSupplier abandoned) {
    NeighborTable table = new NeighborTable(items);
    index.reserve(items.count());
    for (int from = 0; from < items.count(); from += BATCH) {
      List<VectorChange> batch = new ArrayList<>();
      for (int i = from; i < Math.min(from + BATCH, items.count()); i++) {
        batch.add(new VectorChange.Put(id(i), Payload.EMPTY, items.values(i)));
      }
      index.apply(batch);
    }
    for (int from = 0; from < items.count(); from += BATCH) {
      table.fill(from, Math.min(from + BATCH, items.count()), index, k, abandoned);
    }
    return table;
  }

  private void fill(int from, int to, VectorIndex index, int k, BooleanSupplier abandoned) {
    List<Query> towards = new ArrayList<>();
    List<Query> away = new ArrayList<>();
    for (int i = from; i < to; i++) {
      towards.add(new Query.OfStored(id(i)));
      away.add(new Query.OfValues(opposite(items.values(i))));
    }
    List<NeighborList> near = index.search(new SearchRequest(towards, k, abandoned)).answers();
    List<NeighborList> far = index.search(new SearchRequest(away, 1, abandoned)).answers();
    for (int i = from; i < to; i++) {
      List<Neighbor> neighbors = near.get(i - from).neighbors();
      nearest[i] = new int[neighbors.size() + 1];
      nearest[i][0] = i;
      for (int n = 0; n < neighbors.size(); n++) {
        nearest[i][n + 1] = Integer.parseInt(neighbors.get(n).id().value());
      }
      farthest[i] = squaredDistance(-far.get(i - from).neighbors().getFirst().score());
    }
  }

  int count() {
    return nearest.length;
  }

  /** The item itself, then its nearest; equally near ones by their number. Not to be changed. */
  int[] nearest(int item) {
    return nearest[item];
  }

  /** Squared Euclidean distance between two items over the largest from {@code from}: 0 to 1. */
  double distance(int from, int to) {
    if (from == to || farthest[from] == 0) {
      return 0;
    }
    return squaredDistance(items.dot(from, to)) / farthest[from];
  }

  private static double squaredDistance(float cosine) {
    return Math.max(0, 2 - 2 * (double) cosine);
  }

  /** Ids of one width, so that the order of the ids is that of the items. */
  private static VectorId id(int item) {
    return new VectorId(String.format(Locale.ROOT, "%010d", item));
  }

  private static float[] opposite(float[] values) {
    float[] opposite = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      opposite[i] = -values[i];
    }
    return opposite;
  }
}
