package dev.likeness.index.rerank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.index.kernel.ScalarKernel;
import dev.likeness.index.search.ExactIndex;
import dev.likeness.index.search.MemoryBudget;
import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.NeighborList;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchPool;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.search.VectorIndex;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Vectors in an index whose memory and threads end with the test. */
final class RerankFixture implements AutoCloseable {

  private final SearchPool pool = new SearchPool(2, 16);
  final MemoryBudget budget;
  private final VectorIndex index;
  private final int dimension;

  RerankFixture(float[][] gallery) {
    this(gallery, 1 << 24);
  }

  RerankFixture(float[][] gallery, long memory) {
    budget = new MemoryBudget(memory);
    dimension = gallery[0].length;
    index = newIndex();
    List<VectorChange> batch = new ArrayList<>();
    for (int g = gallery.length - 1; g >= 0; g--) { // the order of storing must not matter
      batch.add(new VectorChange.Put(id(g), Payload.EMPTY, unit(gallery[g])));
    }
    index.apply(batch);
  }

  static VectorId id(int g) {
    return new VectorId("%05d".formatted(g));
  }

  static int number(Neighbor neighbor) {
    return Integer.parseInt(neighbor.id().value());
  }

  static List<Query> queries(float[][] values) {
    return Arrays.stream(values).<Query>map(row -> new Query.OfValues(unit(row))).toList();
  }

  List<NeighborList> search(Reranking reranking, List<Query> queries, int k) {
    return search(reranking, new SearchRequest(queries, k, () -> false));
  }

  List<NeighborList> search(Reranking reranking, SearchRequest request) {
    try (SearchableVectors gallery = index.pin()) {
      return reranking.search(gallery, request, this::newIndex).answers();
    }
  }

  /**
   * Every score is that of the matrix, and no neighbor comes before a better one.
   *
   * @param expected score of each query and gallery vector, higher is closer
   */
  static void assertRankings(List<NeighborList> actual, float[][] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int q = 0; q < expected.length; q++) {
      float[] best = expected[q].clone();
      Arrays.sort(best);
      List<Neighbor> neighbors = actual.get(q).neighbors();
      assertThat(neighbors).extracting(Neighbor::id).doesNotHaveDuplicates();
      for (int n = 0; n < neighbors.size(); n++) {
        float reference = expected[q][number(neighbors.get(n))];
        assertThat(neighbors.get(n).score()).isCloseTo(reference, within(1e-5f));
        assertThat(reference)
            .as("query %d rank %d", q, n)
            .isCloseTo(best[best.length - 1 - n], within(2e-6f));
      }
    }
  }

  private VectorIndex newIndex() {
    return new ExactIndex(dimension, new ScalarKernel(), pool, budget);
  }

  private static float[] unit(float[] values) {
    return Similarity.COSINE.prepare("values", values);
  }

  @Override
  public void close() {
    index.close();
    pool.close();
  }
}
