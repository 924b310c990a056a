package dev.likeness.index.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.NeighborList;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A collection as of one moment, which the cluster keeps while it is used. Each call is made once:
 * when a node is lost, {@link RetryableException} tells the caller to begin again with another
 * moment.
 */
final class PointInTime implements SearchableVectors {

  private static final String KEEP_ALIVE = "5m";

  /** Bounds an answer of the cluster, which is read into memory. */
  private static final int MAX_HITS = 10_000;

  /** Searches in one request; the nodes work on some of them at the same time. */
  private static final int MAX_SEARCHES = 64;

  private static final int MAX_PAGE_BYTES = 8 << 20;

  private final ClusterConnection cluster;
  private final CollectionIndex index;
  private final Filter filter;
  private final int candidates;
  private final String id;

  private PointInTime(
      ClusterConnection cluster, CollectionIndex index, Filter filter, int candidates, String id) {
    this.cluster = cluster;
    this.index = index;
    this.filter = filter;
    this.candidates = candidates;
    this.id = id;
  }

  static PointInTime open(
      ClusterConnection cluster, CollectionIndex index, Filter filter, int candidates) {
    JsonNode answer =
        cluster.send(
            "POST",
            "/" + index.indexName() + "/_search/point_in_time",
            Map.of("keep_alive", KEEP_ALIVE, "allow_partial_pit_creation", "false"),
            null);
    return new PointInTime(cluster, index, filter, candidates, answer.path("pit_id").asText());
  }

  @Override
  public int size() {
    JsonNode answer = search(counting());
    return answer.path("hits").path("total").path("value").asInt();
  }

  @Override
  public void forEach(Consumer<VectorChange.Put> action) {
    forEachHit(hit -> action.accept(VectorDocument.read(hit)));
  }

  /** Calls {@code action} with every vector and the checksum that was stored with it. */
  void forEachHit(Consumer<JsonNode> action) {
    int page = page();
    Map<String, Object> body = body(FilterQuery.of(filter), page);
    body.put("sort", List.of(Map.of(CollectionIndex.ORDER, "asc")));
    body.put("_source", documentFields());
    while (true) {
      JsonNode hits = search(body).path("hits").path("hits");
      hits.forEach(action);
      if (hits.size() < page) {
        return;
      }
      body.put("search_after", hits.path(hits.size() - 1).path("sort"));
    }
  }

  @Override
  public Map<VectorId, VectorChange.Put> find(Set<VectorId> ids) {
    Map<VectorId, VectorChange.Put> found = new HashMap<>();
    List<String> values = ids.stream().map(VectorId::value).toList();
    int page = page();
    for (int from = 0; from < values.size(); from += page) {
      List<String> part = values.subList(from, Math.min(from + page, values.size()));
      Map<String, Object> body = body(Map.of("ids", Map.of("values", part)), part.size());
      body.put("_source", documentFields());
      for (JsonNode hit : search(body).path("hits").path("hits")) {
        VectorChange.Put put = VectorDocument.read(hit);
        found.put(put.id(), put);
      }
    }
    return found;
  }

  @Override
  public SearchResult search(SearchRequest request) {
    List<float[]> values = new ArrayList<>();
    for (Query query : request.queries()) {
      if (!(query instanceof Query.OfValues given)) {
        throw new IllegalArgumentException("every query brings its values");
      }
      values.add(given.values());
    }
    return search(request, values, values.stream().map(v -> Optional.<VectorId>empty()).toList());
  }

  /**
   * The nearest neighbors of each query.
   *
   * @param values of the queries
   * @param origins the stored vector that a query starts from and must not answer
   */
  SearchResult search(
      SearchRequest request, List<float[]> values, List<Optional<VectorId>> origins) {
    List<NeighborList> answers = new ArrayList<>();
    int count = values.size();
    int size = Math.clamp(MAX_HITS / request.k(), 1, MAX_SEARCHES);
    for (int from = 0; from < count; from += size) {
      if (request.abandoned().getAsBoolean()) {
        throw new SearchAbandonedException(
            answers.stream().mapToLong(NeighborList::visitedCount).sum());
      }
      answers.addAll(answer(request.k(), values, origins, from, Math.min(from + size, count)));
    }
    return new SearchResult(answers, size(), index.approximate());
  }

  private List<NeighborList> answer(
      int k, List<float[]> values, List<Optional<VectorId>> origins, int from, int to) {
    List<ScaledQuery> queries = values.subList(from, to).stream().map(ScaledQuery::of).toList();
    var lines = new ByteArrayOutputStream();
    for (int q = 0; q < queries.size(); q++) {
      lines.writeBytes(new byte[] {'{', '}', '\n'});
      lines.writeBytes(
          ClusterConnection.bytes(nearest(k, queries.get(q).values(), origins.get(from + q))));
      lines.write('\n');
    }
    JsonNode responses =
        cluster.sendLines("/_msearch", Map.of(), lines.toByteArray()).path("responses");
    List<NeighborList> answers = new ArrayList<>();
    for (int q = 0; q < queries.size(); q++) {
      answers.add(neighbors(whole(responses.path(q)), queries.get(q)));
    }
    return answers;
  }

  private static NeighborList neighbors(JsonNode response, ScaledQuery query) {
    List<Neighbor> neighbors = new ArrayList<>();
    for (JsonNode hit : response.path("hits").path("hits")) {
      neighbors.add(
          new Neighbor(
              VectorDocument.id(hit),
              query.product(hit.path("_score").asDouble()),
              VectorDocument.payload(hit)));
    }
    return new NeighborList(neighbors, response.path("hits").path("total").path("value").asLong());
  }

  private Map<String, Object> nearest(int k, float[] query, Optional<VectorId> origin) {
    Map<String, Object> body =
        body(index.approximate() ? byGraph(k, query, origin) : byScript(query, origin), k);
    body.put("track_total_hits", true);
    body.put("track_scores", true);
    body.put("sort", List.of(Map.of("_score", "desc"), Map.of(CollectionIndex.ORDER, "asc")));
    body.put("_source", List.of(CollectionIndex.PAYLOAD));
    return body;
  }

  private Map<String, Object> byScript(float[] query, Optional<VectorId> origin) {
    return Map.of(
        "script_score",
        Map.of(
            "query",
            allowed(origin),
            "script",
            Map.of(
                "lang",
                "knn",
                "source",
                "knn_score",
                "params",
                Map.of(
                    "field",
                    CollectionIndex.VECTOR,
                    "query_value",
                    query,
                    "space_type",
                    "innerproduct"))));
  }

  private Map<String, Object> byGraph(int k, float[] query, Optional<VectorId> origin) {
    Map<String, Object> search = new LinkedHashMap<>();
    search.put("vector", query);
    search.put("k", Math.max(k, candidates));
    if (!filter.allowsEverything() || origin.isPresent()) {
      search.put("filter", allowed(origin));
    }
    return Map.of("knn", Map.of(CollectionIndex.VECTOR, search));
  }

  private Map<String, Object> allowed(Optional<VectorId> origin) {
    Map<String, Object> allowed = FilterQuery.of(filter);
    return origin.isEmpty()
        ? allowed
        : Map.of(
            "bool",
            Map.of(
                "filter",
                allowed,
                "must_not",
                Map.of("ids", Map.of("values", List.of(origin.get().value())))));
  }

  private Map<String, Object> counting() {
    Map<String, Object> body = body(FilterQuery.of(filter), 0);
    body.put("track_total_hits", true);
    return body;
  }

  private Map<String, Object> body(Map<String, Object> query, int size) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("pit", Map.of("id", id, "keep_alive", KEEP_ALIVE));
    body.put("query", query);
    body.put("size", size);
    return body;
  }

  private JsonNode search(Map<String, Object> body) {
    return whole(cluster.send("POST", "/_search", Map.of(), body));
  }

  /** An answer in which a shard is missing is none. */
  private static JsonNode whole(JsonNode response) {
    if (response.has("error")) {
      throw ClusterException.of(response.path("status").asInt(), response.path("error"));
    }
    if (response.path("timed_out").asBoolean()
        || response.path("_shards").path("failed").asInt() > 0) {
      throw new RetryableException(
          response
              .path("_shards")
              .path("failures")
              .path(0)
              .path("reason")
              .path("reason")
              .asText("a shard did not answer"));
    }
    return response;
  }

  private int page() {
    return Math.clamp(MAX_PAGE_BYTES / (256 + 12 * index.settings().dimension()), 1, 1000);
  }

  private static List<String> documentFields() {
    return List.of(CollectionIndex.VECTOR, CollectionIndex.PAYLOAD, CollectionIndex.CHECKSUM);
  }

  /** Lets the cluster forget it; it does so by itself after a while if that fails. */
  @Override
  public void close() {
    try {
      cluster.send("DELETE", "/_search/point_in_time", Map.of(), Map.of("pit_id", List.of(id)));
    } catch (RetryableException | ClusterException e) {
      System.getLogger(PointInTime.class.getName())
          .log(System.Logger.Level.DEBUG, "a point in time is left to expire: {0}", e.getMessage());
    }
  }
}
