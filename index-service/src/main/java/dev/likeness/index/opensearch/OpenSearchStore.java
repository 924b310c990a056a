package dev.likeness.index.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.index.collection.AliasChange;
import dev.likeness.index.collection.CollectionDescription;
import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.CollectionSettings;
import dev.likeness.index.collection.SnapshotDescription;
import dev.likeness.index.collection.VectorCollection;
import dev.likeness.index.collection.VectorStore;
import dev.likeness.index.error.CollectionDamagedException;
import dev.likeness.index.error.CollectionExistsException;
import dev.likeness.index.error.CollectionInUseException;
import dev.likeness.index.error.CollectionNotFoundException;
import dev.likeness.index.error.EngineRefusedException;
import dev.likeness.index.error.EngineUnsupportedException;
import dev.likeness.index.search.VectorIndex;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collections in an OpenSearch cluster, one index each. This process keeps nothing: several may
 * serve the same cluster. Nothing is asked of the cluster before the first call, so that the
 * service can start before it.
 *
 * <p>What differs from the engine on disk: while a batch is written, a search may see a part of it
 * (after the acknowledgement all see all of it), and scores differ in the last digit.
 */
public final class OpenSearchStore implements VectorStore {

  /** Lists are asked for by probes and metrics, which ask again and must not pile up. */
  private static final Duration LISTING = Duration.ofSeconds(2);

  private final OpenSearchSettings settings;
  private final ClusterConnection cluster;
  private final AliasSwitch aliases;
  private final Clock clock;
  private final WriteClock writeClock;
  private final IntFunction<VectorIndex> scratch;
  private volatile boolean templateInstalled;

  /**
   * @param scratch makes an empty index of a dimension in the memory of this process, for
   *     re-ranking
   */
  public OpenSearchStore(
      OpenSearchSettings settings, Clock clock, IntFunction<VectorIndex> scratch) {
    this.settings = settings;
    this.cluster = new ClusterConnection(settings);
    this.aliases = new AliasSwitch(cluster, settings.prefix());
    this.clock = clock;
    this.writeClock = new WriteClock(clock);
    this.scratch = scratch;
  }

  @Override
  public CollectionDescription create(
      CollectionName name, CollectionSettings wanted, String requestId) {
    installTemplate();
    String action = "create collection '%s'".formatted(name);
    String indexName = CollectionIndex.indexName(settings.prefix(), name);
    try {
      Map<String, Object> body =
          CollectionIndex.body(
              indexName, wanted, requestId, clock.instant(), settings.approximate());
      cluster.retrying(action, () -> cluster.send("PUT", "/" + indexName, Map.of(), body));
    } catch (ClusterException e) {
      if (e.is("invalid_index_name_exception")) {
        throw new CollectionExistsException(
            name.value(), "it is an alias of '%s'".formatted(find(name).name()));
      }
      if (!e.is("resource_already_exists_exception")) {
        throw new EngineRefusedException(action, e.reason());
      }
      requireEqual(find(name), wanted);
    }
    return describe(name);
  }

  private static void requireEqual(CollectionIndex present, CollectionSettings wanted) {
    if (!present.settings().equals(wanted)) {
      throw new CollectionExistsException(
          present.name().value(), present.settings().difference(wanted));
    }
  }

  private void installTemplate() {
    if (templateInstalled) {
      return;
    }
    attempt(
        "install the index template '%s'".formatted(settings.prefix()),
        () ->
            cluster.send(
                "PUT",
                "/_index_template/" + settings.prefix(),
                Map.of(),
                CollectionIndex.template(settings)));
    templateInstalled = true;
  }

  @Override
  public VectorCollection get(CollectionName nameOrAlias) {
    return new OpenSearchCollection(
        cluster, find(nameOrAlias), settings.candidates(), writeClock, scratch);
  }

  private CollectionIndex find(CollectionName nameOrAlias) {
    String indexName = CollectionIndex.indexName(settings.prefix(), nameOrAlias);
    JsonNode answer =
        ask(
            "find collection '%s'".formatted(nameOrAlias),
            "/" + indexName + "/_mapping",
            nameOrAlias);
    var found = answer.properties().iterator().next();
    return CollectionIndex.read(settings.prefix(), found.getKey(), found.getValue());
  }

  @Override
  public CollectionDescription describe(CollectionName nameOrAlias) {
    String indexName = CollectionIndex.indexName(settings.prefix(), nameOrAlias);
    return descriptions(indexName, nameOrAlias).getFirst();
  }

  @Override
  public List<CollectionDescription> list() {
    return descriptions(settings.prefix() + "@*", null);
  }

  private List<CollectionDescription> descriptions(
      String expression, @Nullable CollectionName nameOrAlias) {
    JsonNode indices = ask("list the collections", "/" + expression, nameOrAlias);
    if (indices.isEmpty()) {
      return List.of();
    }
    JsonNode sizes =
        ask("list the collections", "/" + expression + "/_stats/docs,store", nameOrAlias);
    JsonNode health = ask("list the collections", "/_cluster/health/" + expression, nameOrAlias);
    Map<String, CollectionDescription> byName = new TreeMap<>();
    indices
        .properties()
        .forEach(
            entry -> {
              String indexName = entry.getKey();
              CollectionDescription description =
                  description(
                      indexName,
                      entry.getValue(),
                      sizes.path("indices").path(indexName),
                      health.path("indices").path(indexName));
              byName.put(description.name().value(), description);
            });
    return List.copyOf(byName.values());
  }

  private CollectionDescription description(
      String indexName, JsonNode index, JsonNode sizes, JsonNode health) {
    long count = sizes.path("primaries").path("docs").path("count").asLong();
    long bytes = sizes.path("total").path("store").path("size_in_bytes").asLong();
    List<CollectionName> pointing = AliasSwitch.aliasesOf(settings.prefix(), indexName, index);
    try {
      CollectionIndex found = CollectionIndex.read(settings.prefix(), indexName, index);
      return new CollectionDescription(
          found.name(),
          Optional.of(found.settings()),
          Optional.of(found.createTime()),
          count,
          bytes,
          pointing,
          true,
          found.approximate() ? "opensearch-graph" : "opensearch-exact",
          Optional.empty(),
          failureReason(health));
    } catch (CollectionDamagedException e) {
      String name = indexName.substring(settings.prefix().length() + 1);
      return new CollectionDescription(
          new CollectionName(name),
          Optional.empty(),
          Optional.empty(),
          0,
          bytes,
          pointing,
          true,
          "opensearch",
          Optional.empty(),
          Optional.ofNullable(e.getMessage()));
    }
  }

  private static Optional<String> failureReason(JsonNode health) {
    if (!health.path("status").asText().equals("red")) {
      return Optional.empty();
    }
    return Optional.of(
        "%d of %d shards have no node that holds them; bring the nodes back or restore a snapshot"
            .formatted(
                health.path("number_of_shards").asInt()
                    - health.path("active_primary_shards").asInt(),
                health.path("number_of_shards").asInt()));
  }

  @Override
  public void delete(CollectionName name) {
    CollectionDescription found = describe(name);
    if (!found.name().equals(name)) {
      throw new CollectionNotFoundException(name.value());
    }
    if (!found.aliases().isEmpty()) {
      throw new CollectionInUseException(
          name.value(), found.aliases().stream().map(CollectionName::value).toList());
    }
    String indexName = CollectionIndex.indexName(settings.prefix(), name);
    attempt(
        "delete collection '%s'".formatted(name),
        () -> cluster.send("DELETE", "/" + indexName, Map.of(), null));
  }

  @Override
  public void setAliases(List<AliasChange> aliasChanges) {
    attempt(
        "change the aliases",
        () -> {
          aliases.apply(aliasChanges);
          return true;
        });
  }

  @Override
  public SnapshotDescription createSnapshot(CollectionName nameOrAlias, CollectionName snapshot) {
    throw noSnapshots();
  }

  @Override
  public CollectionDescription restoreSnapshot(CollectionName snapshot, CollectionName name) {
    throw noSnapshots();
  }

  private static EngineUnsupportedException noSnapshots() {
    return new EngineUnsupportedException(
        "the OpenSearch engine takes no snapshots through this service",
        "use the snapshots of the cluster itself (PUT /_snapshot/<repository>/<snapshot>)");
  }

  private JsonNode ask(String action, String path, @Nullable CollectionName name) {
    Map<String, String> parameters =
        path.startsWith("/_cluster/health")
            ? Map.of("level", "indices", "timeout", "1s")
            : Map.of();
    boolean listing = name == null && LISTING.compareTo(settings.timeout()) < 0;
    return attempt(
        action,
        listing ? LISTING : settings.timeout(),
        () -> {
          try {
            return cluster.send("GET", path, parameters, null);
          } catch (ClusterException e) {
            if (name != null && e.isMissing()) {
              throw new CollectionNotFoundException(name.value());
            }
            throw e;
          }
        });
  }

  private <T> T attempt(String action, Supplier<T> call) {
    return attempt(action, settings.timeout(), call);
  }

  private <T> T attempt(String action, Duration limit, Supplier<T> call) {
    try {
      return cluster.retrying(action, limit, call);
    } catch (ClusterException e) {
      throw new EngineRefusedException(action, e.reason());
    }
  }

  @Override
  public void close() throws IOException {
    cluster.close();
  }
}
