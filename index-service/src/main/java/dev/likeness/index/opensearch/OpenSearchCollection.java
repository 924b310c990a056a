package dev.likeness.index.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.index.collection.CollectionCheck;
import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.CollectionSettings;
import dev.likeness.index.collection.UpsertBatch;
import dev.likeness.index.collection.UpsertOutcome.Refused;
import dev.likeness.index.collection.VectorCollection;
import dev.likeness.index.error.CollectionNotFoundException;
import dev.likeness.index.error.EngineRefusedException;
import dev.likeness.index.error.IndexException;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.error.VectorNotFoundException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.rerank.Reranking;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.search.VectorIndex;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** A collection in the cluster, as it was found when it was asked for. Holds nothing itself. */
final class OpenSearchCollection implements VectorCollection {

  /** Most that OpenSearch answers to one search. */
  private static final int IDS_PER_GET = 500;

  private final ClusterConnection cluster;
  private final CollectionIndex index;
  private final int candidates;
  private final WriteClock clock;
  private final IntFunction<VectorIndex> scratch;

  /**
   * @param candidates of a search by the graph, per shard
   * @param scratch makes an empty index of a dimension, in the memory of this process
   */
  OpenSearchCollection(
      ClusterConnection cluster,
      CollectionIndex index,
      int candidates,
      WriteClock clock,
      IntFunction<VectorIndex> scratch) {
    this.cluster = cluster;
    this.index = index;
    this.candidates = candidates;
    this.clock = clock;
    this.scratch = scratch;
  }

  @Override
  public CollectionName name() {
    return index.name();
  }

  @Override
  public CollectionSettings settings() {
    return index.settings();
  }

  @Override
  public UpsertBatch newBatch() {
    return new UpsertBatch(name(), settings(), this::write);
  }

  private List<Refused> write(List<VectorChange> puts) {
    Map<VectorId, Integer> last = new LinkedHashMap<>();
    for (int i = 0; i < puts.size(); i++) {
      last.put(puts.get(i).id(), i);
    }
    BulkWrite write = new BulkWrite(cluster, index, clock);
    write.run(last.values().stream().map(puts::get).toList());
    List<Refused> refused = new ArrayList<>();
    write
        .refused()
        .forEach((id, reason) -> refused.add(new Refused(last.getOrDefault(id, 0), reason)));
    return refused;
  }

  @Override
  public int delete(List<VectorId> ids) {
    VectorCollection.requireBatch("ids", ids.size());
    BulkWrite write = new BulkWrite(cluster, index, clock);
    write.run(
        new LinkedHashSet<>(ids).stream().<VectorChange>map(VectorChange.Delete::new).toList());
    for (IndexException reason : write.refused().values()) {
      throw reason;
    }
    return write.deletedCount();
  }

  @Override
  public List<Optional<VectorChange.Put>> get(List<VectorId> ids) {
    VectorCollection.requireBatch("ids", ids.size());
    List<Optional<VectorChange.Put>> found = new ArrayList<>(ids.size());
    for (int from = 0; from < ids.size(); from += IDS_PER_GET) {
      List<String> part =
          ids.subList(from, Math.min(from + IDS_PER_GET, ids.size())).stream()
              .map(VectorId::value)
              .toList();
      found.addAll(find(part));
    }
    return found;
  }

  private List<Optional<VectorChange.Put>> find(List<String> ids) {
    return attempt(
        "read from",
        () -> {
          JsonNode documents =
              cluster
                  .send(
                      "POST",
                      "/" + index.indexName() + "/_mget",
                      Map.of("realtime", "false"),
                      Map.of("ids", ids))
                  .path("docs");
          List<Optional<VectorChange.Put>> found = new ArrayList<>();
          for (int i = 0; i < ids.size(); i++) {
            JsonNode document = documents.path(i);
            if (document.has("error")) {
              throw ClusterException.of(404, document.path("error"));
            }
            found.add(
                document.path("found").asBoolean()
                    ? Optional.of(VectorDocument.read(document))
                    : Optional.empty());
          }
          return found;
        });
  }

  @Override
  public SearchResult search(
      List<Query> queries,
      int k,
      Filter filter,
      Optional<Reranking> reranking,
      BooleanSupplier abandoned) {
    SearchRequest request = new SearchRequest(queries, k, filter, abandoned);
    if (reranking.isPresent() && settings().similarity() != Similarity.COSINE) {
      throw new InvalidRequestException(
          "reranking",
          "needs a collection of cosine similarity, that of '%s' is the inner product; leave it out"
              .formatted(name()));
    }
    return atOneMoment(
        "search",
        filter,
        moment ->
            reranking.isPresent()
                ? reranking
                    .get()
                    .search(moment, request, () -> scratch.apply(settings().dimension()))
                : nearest(moment, request));
  }

  private static SearchResult nearest(PointInTime moment, SearchRequest request) {
    Set<VectorId> ids = new HashSet<>();
    for (Query query : request.queries()) {
      if (query instanceof Query.OfStored(VectorId id)) {
        ids.add(id);
      }
    }
    Map<VectorId, VectorChange.Put> stored = ids.isEmpty() ? Map.of() : moment.find(ids);
    List<float[]> values = new ArrayList<>();
    List<Optional<VectorId>> origins = new ArrayList<>();
    for (Query query : request.queries()) {
      switch (query) {
        case Query.OfValues given -> {
          values.add(given.values());
          origins.add(Optional.empty());
        }
        case Query.OfStored(VectorId id) -> {
          VectorChange.Put put = stored.get(id);
          if (put == null) {
            throw new VectorNotFoundException(id.value());
          }
          values.add(put.values());
          origins.add(Optional.of(id));
        }
      }
    }
    return moment.search(request, values, origins);
  }

  /** Counts, then reads every vector back and compares it with the checksum written with it. */
  @Override
  public CollectionCheck check() {
    return atOneMoment(
        "check",
        Filter.EVERYTHING,
        moment -> {
          long expected = moment.size();
          AtomicLong readable = new AtomicLong();
          List<String> problems = new ArrayList<>();
          moment.forEachHit(
              hit -> {
                long checksum = hit.path("_source").path(CollectionIndex.CHECKSUM).asLong(-1);
                if (VectorDocument.checksum(VectorDocument.read(hit)) == checksum) {
                  readable.incrementAndGet();
                } else if (problems.size() < 100) {
                  problems.add(
                      "vector '%s' is not what was written".formatted(hit.path("_id").asText()));
                }
              });
          if (problems.isEmpty() && readable.get() != expected) {
            problems.add("%d of %d vectors were read".formatted(readable.get(), expected));
          }
          return new CollectionCheck(OptionalLong.of(expected), readable.get(), problems);
        });
  }

  private <T> T atOneMoment(String verb, Filter filter, Function<PointInTime, T> action) {
    return attempt(
        verb,
        () -> {
          try (PointInTime moment = PointInTime.open(cluster, index, filter, candidates)) {
            return action.apply(moment);
          }
        });
  }

  private <T> T attempt(String verb, Supplier<T> action) {
    String what = "%s collection '%s'".formatted(verb, name());
    try {
      return cluster.retrying(what, action);
    } catch (ClusterException e) {
      if (e.is("index_not_found_exception")) {
        throw new CollectionNotFoundException(name().value());
      }
      throw new EngineRefusedException(what, e.reason());
    }
  }
}
