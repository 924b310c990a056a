package dev.likeness.index.rerank;

import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.NeighborList;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.vector.VectorChange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Ranks the gallery for each query by the k-reciprocal distance. Only vectors that share a mutual
 * neighbor with the query have a Jaccard distance below 1; the others follow the plain distance, so
 * the nearest of them are all that can be answered.
 */
final class JaccardRanking {

  /** Queries together: as many as may each ask for {@link SearchRequest#MAX_K} neighbors. */
  private static final int BATCH = SearchRequest.MAX_NEIGHBORS / SearchRequest.MAX_K;

  private final Items items;
  private final NeighborTable table;
  private final ReciprocalVectors vectors;
  private final double lambda;

  /** One entry of a query's row. */
  private record Entry(int query, float weight) {}

  JaccardRanking(Items items, NeighborTable table, ReciprocalVectors vectors, double lambda) {
    this.items = items;
    this.table = table;
    this.vectors = vectors;
    this.lambda = lambda;
  }

  List<NeighborList> rank(SearchableVectors gallery, SearchRequest request) {
    List<NeighborList> answers = new ArrayList<>(items.queryCount());
    for (int from = 0; from < items.queryCount(); from += BATCH) {
      KReciprocal.requireWanted(request.abandoned(), items);
      int to = Math.min(from + BATCH, items.queryCount());
      List<Map<Integer, Double>> shared = shared(from, to);
      List<NeighborList> nearest = nearest(from, to, shared, gallery, request);
      for (int q = from; q < to; q++) {
        answers.add(
            answer(items.ofQuery(q), shared.get(q - from), nearest.get(q - from), request.k()));
      }
    }
    return answers;
  }

  /** For each query, item of the gallery → what it shares, Σ min of the weights, above 0. */
  private List<Map<Integer, Double>> shared(int from, int to) {
    Map<Integer, List<Entry>> byColumn = new HashMap<>();
    List<Map<Integer, Double>> shared = new ArrayList<>();
    for (int q = from; q < to; q++) {
      shared.add(new HashMap<>());
      SparseRow row = vectors.averaged(items.ofQuery(q));
      for (int e = 0; e < row.size(); e++) {
        byColumn
            .computeIfAbsent(row.column(e), _ -> new ArrayList<>())
            .add(new Entry(q - from, row.weight(e)));
      }
    }
    for (int item = items.firstOfGallery(); item < items.count(); item++) {
      SparseRow row = vectors.averaged(item);
      for (int e = 0; e < row.size(); e++) {
        float weight = row.weight(e);
        for (Entry entry : byColumn.getOrDefault(row.column(e), List.of())) {
          double common = Math.min(weight, entry.weight());
          shared.get(entry.query()).merge(item, common, Double::sum);
        }
      }
    }
    return shared;
  }

  /** Enough of the nearest: k that share nothing, those that share, and the query itself. */
  private List<NeighborList> nearest(
      int from,
      int to,
      List<Map<Integer, Double>> shared,
      SearchableVectors gallery,
      SearchRequest request) {
    int sharing = shared.stream().mapToInt(Map::size).max().orElse(0);
    int wanted = Math.min(items.galleryCount(), request.k() + sharing + 1);
    List<Query> queries = new ArrayList<>();
    for (int q = from; q < to; q++) {
      queries.add(new Query.OfValues(items.values(items.ofQuery(q))));
    }
    int k = Math.clamp(wanted, 1, SearchRequest.MAX_K);
    return gallery.search(new SearchRequest(queries, k, request.abandoned())).answers();
  }

  private NeighborList answer(int query, Map<Integer, Double> shared, NeighborList nearest, int k) {
    Map<Integer, Float> scores = new HashMap<>();
    shared.forEach((item, common) -> scores.put(item, score(query, item, common)));
    for (Neighbor neighbor : nearest.neighbors()) {
      scores.computeIfAbsent(items.ofId(neighbor.id()), item -> score(query, item, 0));
    }
    if (nearest.neighbors().size() < Math.min(items.galleryCount(), k + shared.size() + 1)) {
      for (int item = items.firstOfGallery(); item < items.count(); item++) {
        scores.computeIfAbsent(
            item, missed -> score(query, missed, 0)); // beyond what a search may answer
      }
    }
    scores.remove(query);
    return new NeighborList(
        scores.entrySet().stream()
            .sorted(
                Map.Entry.<Integer, Float>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(k)
            .map(entry -> neighbor(entry.getKey(), entry.getValue()))
            .toList(),
        items.galleryCount());
  }

  private float score(int query, int item, double common) {
    double jaccard = 1 - common / (2 - common);
    double distance = (1 - lambda) * jaccard + lambda * table.distance(query, item);
    return (float) (1 - distance);
  }

  private Neighbor neighbor(int item, float score) {
    VectorChange.Put put = items.put(item);
    return new Neighbor(put.id(), score, put.payload());
  }
}
