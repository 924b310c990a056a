package dev.likeness.index.rerank;

import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.NeighborList;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.search.VectorIndex;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Alpha query expansion (Radenović, Tolias and Chum, 2018): each query moves towards its nearest
 * neighbors, {@code q' = normalise(q + Σ max(q·x, 0)^alpha x)}, and searches again. Scores are
 * those of {@code q'}.
 *
 * @param n neighbors that a query moves towards, 1 to 100
 * @param alpha how much nearer ones count for more, 0 to 20; 0 counts all the same
 */
public record QueryExpansion(int n, double alpha) implements Reranking {

  /** The published values. */
  public static final QueryExpansion DEFAULT = new QueryExpansion(10, 3);

  /** Keeps a batch within {@link SearchRequest#MAX_NEIGHBORS}. */
  private static final int BATCH = 500;

  public QueryExpansion {
    Reranking.requireBetween("query_expansion.n", n, 1, 100);
    Reranking.requireBetween("query_expansion.alpha", alpha, 0, 20);
  }

  @Override
  public SearchResult search(
      SearchableVectors gallery, SearchRequest request, Supplier<VectorIndex> scratch) {
    Reranking.requireFew(request);
    List<NeighborList> answers = new ArrayList<>(request.queries().size());
    for (int from = 0; from < request.queries().size(); from += BATCH) {
      int to = Math.min(from + BATCH, request.queries().size());
      var batch = new ResolvedQueries(request.queries().subList(from, to), gallery);
      answers.addAll(answer(batch, gallery, request));
    }
    return new SearchResult(answers, gallery.size());
  }

  private List<NeighborList> answer(
      ResolvedQueries queries, SearchableVectors gallery, SearchRequest request) {
    List<Query> plain = new ArrayList<>();
    for (int q = 0; q < queries.count(); q++) {
      plain.add(new Query.OfValues(queries.values(q)));
    }
    List<NeighborList> nearest = nearest(plain, n, queries, gallery, request);
    Map<VectorId, VectorChange.Put> stored = gallery.find(idsIn(nearest));
    List<Query> expanded = new ArrayList<>();
    for (int q = 0; q < queries.count(); q++) {
      expanded.add(
          new Query.OfValues(expanded(queries.values(q), nearest.get(q).neighbors(), stored)));
    }
    List<NeighborList> answers = nearest(expanded, request.k(), queries, gallery, request);
    return answers.stream()
        .map(
            list ->
                new NeighborList(list.neighbors(), 2 * list.visitedCount(), list.rescoredCount()))
        .toList();
  }

  /** Asks for one more, in case that the vector which a query starts from is among them. */
  private static List<NeighborList> nearest(
      List<Query> values,
      int wanted,
      ResolvedQueries queries,
      SearchableVectors gallery,
      SearchRequest request) {
    var found = gallery.search(new SearchRequest(values, wanted + 1, request.abandoned()));
    List<NeighborList> lists = new ArrayList<>();
    for (int q = 0; q < queries.count(); q++) {
      VectorId origin = queries.origin(q).orElse(null);
      NeighborList list = found.answers().get(q);
      lists.add(
          new NeighborList(
              list.neighbors().stream()
                  .filter(neighbor -> !neighbor.id().equals(origin))
                  .limit(wanted)
                  .toList(),
              list.visitedCount(),
              list.rescoredCount()));
    }
    return lists;
  }

  private static Set<VectorId> idsIn(List<NeighborList> lists) {
    return lists.stream()
        .flatMap(list -> list.neighbors().stream())
        .map(Neighbor::id)
        .collect(Collectors.toSet());
  }

  private float[] expanded(
      float[] query, List<Neighbor> neighbors, Map<VectorId, VectorChange.Put> stored) {
    double[] sum = new double[query.length];
    add(1, query, sum);
    for (Neighbor neighbor : neighbors) {
      VectorChange.Put put = stored.get(neighbor.id());
      if (put == null) {
        throw new IllegalStateException("a pinned vector cannot vanish");
      }
      add(Math.pow(Math.max(neighbor.score(), 0), alpha), put.values(), sum);
    }
    double squares = 0;
    for (double value : sum) {
      squares += value * value;
    }
    double length = Math.sqrt(squares);
    float[] unit = new float[sum.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (sum[i] / length);
    }
    return unit;
  }

  private static void add(double weight, float[] vector, double[] sum) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * vector[i];
    }
  }
}
