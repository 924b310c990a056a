package dev.likeness.gateway.peer;

import dev.likeness.gateway.attribute.AttributeValue;
import dev.likeness.gateway.attribute.Attributes;
import dev.likeness.gateway.filter.Filter;
import dev.likeness.gateway.run.Rerank;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An index in memory. Its scores carry an error of up to 1e-7 that depends on the order in which
 * vectors were written, as float32 kernels do.
 */
public final class FakeIndex implements IndexPeer {

  private record Stored(
      int dimension,
      String fingerprint,
      Map<String, Embedding> vectors,
      Map<String, Attributes> attributes) {}

  private final Calls calls;
  private final List<Integer> rerankedRequests = new ArrayList<>();
  private final Map<String, Stored> collections = new TreeMap<>();
  private final Map<String, SearchEngine> engines = new TreeMap<>();

  public FakeIndex(Calls calls) {
    this.calls = calls;
  }

  private final Map<String, String> aliases = new TreeMap<>();

  /** Where an alias points. */
  public Optional<String> alias(String name) {
    return Optional.ofNullable(aliases.get(name));
  }

  private String target(String name) {
    return aliases.getOrDefault(name, name);
  }

  @Override
  public void setAlias(String alias, String collection) {
    calls.next("setAlias");
    var unused = require(collection);
    aliases.put(alias, collection);
  }

  @Override
  public void removeAlias(String alias) {
    calls.next("removeAlias");
    aliases.remove(alias);
  }

  public Set<String> collectionNames() {
    return new HashSet<>(collections.keySet());
  }

  public void lose(String name) {
    collections.remove(name);
  }

  @Override
  public Optional<Collection> collection(String name) {
    calls.next("collection");
    String target = target(name);
    return Optional.ofNullable(collections.get(target))
        .map(c -> new Collection(target, c.dimension(), c.fingerprint(), c.vectors().size()));
  }

  @Override
  public void createCollection(String name, int dimension, String fingerprint) {
    calls.next("createCollection");
    collections.putIfAbsent(
        name, new Stored(dimension, fingerprint, new LinkedHashMap<>(), new TreeMap<>()));
  }

  @Override
  public Optional<SearchEngine> engine(String name) {
    calls.next("engine");
    String target = target(name);
    return Optional.ofNullable(collections.get(target))
        .map(c -> engines.getOrDefault(target, engine("exact", 0.95)));
  }

  @Override
  public SearchEngine chooseEngine(String name, String chosen, @Nullable Double targetRecall) {
    calls.next("chooseEngine");
    var unused = require(target(name));
    SearchEngine engine = engine(chosen, targetRecall == null ? 0.95 : targetRecall);
    engines.put(target(name), engine);
    return engine;
  }

  private static SearchEngine engine(String chosen, double targetRecall) {
    return new SearchEngine(chosen, "exact", targetRecall, null, 0, 0);
  }

  @Override
  public void deleteCollection(String name) {
    calls.next("deleteCollection");
    collections.remove(name);
  }

  @Override
  public Map<String, String> upsert(
      String collection,
      String fingerprint,
      SequencedMap<String, Embedding> vectors,
      Map<String, Attributes> attributes) {
    calls.next("upsert");
    Stored stored = require(collection);
    if (!stored.fingerprint().equals(fingerprint)) {
      throw new PeerException.Refused(
          PeerName.INDEX, "FINGERPRINT_MISMATCH", "another encoder", null);
    }
    stored.vectors().putAll(vectors);
    vectors
        .keySet()
        .forEach(id -> stored.attributes().put(id, attributes.getOrDefault(id, Attributes.NONE)));
    calls.next("acknowledge");
    return Map.of();
  }

  @Override
  public Set<String> existing(String collection, List<String> ids) {
    calls.next("existing");
    Set<String> existing = new HashSet<>(ids);
    existing.retainAll(require(collection).vectors().keySet());
    return existing;
  }

  @Override
  public Map<String, Attributes> attributes(String collection, List<String> ids) {
    calls.next("attributes");
    Map<String, Attributes> attributes = new TreeMap<>(require(collection).attributes());
    attributes.keySet().retainAll(ids);
    return attributes;
  }

  @Override
  public SequencedMap<String, Embedding> vectors(String collection, List<String> ids) {
    calls.next("vectors");
    SequencedMap<String, Embedding> found = new LinkedHashMap<>();
    Map<String, Embedding> vectors = require(collection).vectors();
    ids.stream().filter(vectors::containsKey).forEach(id -> found.put(id, vectors.get(id)));
    return found;
  }

  @Override
  public List<List<Neighbor>> search(
      String collection, String fingerprint, List<Embedding> queries, int k) {
    calls.next("search");
    Stored stored = require(collection);
    if (!fingerprint.isEmpty() && !stored.fingerprint().equals(fingerprint)) {
      throw new PeerException.Refused(
          PeerName.INDEX, "FINGERPRINT_MISMATCH", "another encoder", null);
    }
    Map<String, Embedding> vectors = stored.vectors();
    List<List<Neighbor>> results = new ArrayList<>();
    for (Embedding query : queries) {
      List<Neighbor> neighbors = new ArrayList<>();
      int ordinal = 0;
      for (Map.Entry<String, Embedding> vector : vectors.entrySet()) {
        double error = ((ordinal++ * 7919) % 3 - 1) * 1e-7;
        neighbors.add(
            new Neighbor(vector.getKey(), (float) (query.innerProduct(vector.getValue()) + error)));
      }
      neighbors.sort(Comparator.comparing(Neighbor::score).reversed().thenComparing(Neighbor::id));
      results.add(neighbors.subList(0, Math.min(k, neighbors.size())));
    }
    return results;
  }

  /**
   * Ranks by the similarity to the query and, in part, to the mean of the request's queries: a
   * ranking that depends on the company, as k-reciprocal does.
   */
  @Override
  public List<List<Neighbor>> searchReranked(
      String collection, String fingerprint, List<Embedding> queries, int k, Rerank rerank) {
    calls.next("searchReranked");
    rerankedRequests.add(queries.size());
    Map<String, Embedding> vectors = require(collection).vectors();
    List<List<Neighbor>> results = new ArrayList<>();
    for (Embedding query : queries) {
      List<Neighbor> neighbors = new ArrayList<>();
      vectors.forEach(
          (id, vector) -> {
            double company =
                queries.stream()
                    .mapToDouble(other -> other.innerProduct(vector))
                    .average()
                    .orElse(0);
            neighbors.add(
                new Neighbor(id, (float) (0.75 * query.innerProduct(vector) + 0.25 * company)));
          });
      neighbors.sort(Comparator.comparing(Neighbor::score).reversed().thenComparing(Neighbor::id));
      results.add(neighbors.subList(0, Math.min(k, neighbors.size())));
    }
    return results;
  }

  /** Queries in each reranked request so far. */
  public List<Integer> rerankedRequests() {
    return List.copyOf(rerankedRequests);
  }

  @Override
  public FoundImages find(
      String collection, String fingerprint, Embedding query, int k, @Nullable Filter filter) {
    Map<String, Attributes> attributes = require(collection).attributes();
    List<FoundImages.FoundImage> allowed =
        search(collection, fingerprint, List.of(query), Integer.MAX_VALUE).getFirst().stream()
            .map(n -> new FoundImages.FoundImage(n.id(), n.score(), attributes.get(n.id())))
            .filter(image -> filter == null || allows(filter, image.attributes()))
            .toList();
    return new FoundImages(allowed.subList(0, Math.min(k, allowed.size())), allowed.size());
  }

  @Override
  public FoundImages findById(String collection, String id, int k, @Nullable Filter filter) {
    Embedding vector = require(collection).vectors().get(id);
    FoundImages found = find(collection, "", vector, Integer.MAX_VALUE, filter);
    return new FoundImages(
        found.images().stream().filter(image -> !image.id().equals(id)).limit(k).toList(),
        found.matchingCount());
  }

  /** As the contract of the index says. */
  private static boolean allows(Filter filter, Attributes attributes) {
    return switch (filter) {
      case Filter.And(var filters) -> filters.stream().allMatch(f -> allows(f, attributes));
      case Filter.Or(var filters) -> filters.stream().anyMatch(f -> allows(f, attributes));
      case Filter.Not(var inner) -> !allows(inner, attributes);
      case Filter.Equals(var name, var value) -> value.equals(attributes.values().get(name));
      case Filter.In(var name, var values) -> values.contains(attributes.values().get(name));
      case Filter.Exists(var name) -> attributes.values().containsKey(name);
      case Filter.Range(var name, var lower, var upper) ->
          attributes.values().get(name) instanceof AttributeValue.Numeric(double number)
              && (lower == null || compare(number, lower) > 0 || meets(number, lower))
              && (upper == null || compare(number, upper) < 0 || meets(number, upper));
    };
  }

  private static int compare(double number, Filter.Bound bound) {
    return Double.compare(number, ((AttributeValue.Numeric) bound.value()).value());
  }

  private static boolean meets(double number, Filter.Bound bound) {
    return bound.inclusive() && compare(number, bound) == 0;
  }

  private Stored require(String name) {
    Stored stored = collections.get(target(name));
    if (stored == null) {
      throw new PeerException.Refused(
          PeerName.INDEX, "COLLECTION_NOT_FOUND", "there is no collection '" + name + "'", null);
    }
    return stored;
  }
}
