package dev.likeness.index.opensearch;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.index.collection.AliasChange;
import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.error.AliasNotFoundException;
import dev.likeness.index.error.CollectionExistsException;
import dev.likeness.index.error.CollectionNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Changes of aliases in one step of the cluster's state. An alias that points elsewhere than when
 * it was looked at, because another service changed it meanwhile, makes the step fail as a whole.
 */
final class AliasSwitch {

  private final ClusterConnection cluster;
  private final String prefix;

  AliasSwitch(ClusterConnection cluster, String prefix) {
    this.cluster = cluster;
    this.prefix = prefix;
  }

  /** Aliases that callers set, sorted. */
  static List<CollectionName> aliasesOf(String prefix, String indexName, JsonNode index) {
    List<CollectionName> aliases = new ArrayList<>();
    index
        .path("aliases")
        .fieldNames()
        .forEachRemaining(
            alias -> {
              if (!alias.equals(CollectionIndex.writeAlias(indexName))
                  && alias.startsWith(prefix + "@")) {
                aliases.add(new CollectionName(alias.substring(prefix.length() + 1)));
              }
            });
    return aliases.stream().sorted().toList();
  }

  /**
   * @throws RetryableException if another service changed an alias meanwhile
   */
  synchronized void apply(List<AliasChange> changes) {
    JsonNode indices = cluster.send("GET", "/" + prefix + "@*/_alias", Map.of(), null);
    Set<CollectionName> collections = new TreeSet<>();
    Map<CollectionName, CollectionName> before = new TreeMap<>();
    indices
        .properties()
        .forEach(
            entry -> {
              var name = new CollectionName(entry.getKey().substring(prefix.length() + 1));
              collections.add(name);
              aliasesOf(prefix, entry.getKey(), entry.getValue())
                  .forEach(alias -> before.put(alias, name));
            });
    Map<CollectionName, CollectionName> after = new TreeMap<>(before);
    changes.forEach(change -> apply(change, collections, after));
    List<Map<String, Object>> actions = actions(before, after);
    if (actions.isEmpty()) {
      return;
    }
    try {
      cluster.send("POST", "/_aliases", Map.of(), Map.of("actions", actions));
    } catch (ClusterException e) {
      if (e.isMissing()) {
        throw new RetryableException("another service changes the same aliases");
      }
      throw e;
    }
  }

  private static void apply(
      AliasChange change,
      Set<CollectionName> collections,
      Map<CollectionName, CollectionName> aliases) {
    switch (change) {
      case AliasChange.Point(CollectionName alias, CollectionName collection) -> {
        if (collections.contains(alias)) {
          throw new CollectionExistsException(alias.value(), "it is a collection");
        }
        if (!collections.contains(collection)) {
          throw new CollectionNotFoundException(collection.value());
        }
        aliases.put(alias, collection);
      }
      case AliasChange.Remove(CollectionName alias) -> {
        if (aliases.remove(alias) == null) {
          throw new AliasNotFoundException(alias.value());
        }
      }
    }
  }

  private List<Map<String, Object>> actions(
      Map<CollectionName, CollectionName> before, Map<CollectionName, CollectionName> after) {
    List<Map<String, Object>> actions = new ArrayList<>();
    before.forEach(
        (alias, collection) -> {
          if (!collection.equals(after.get(alias))) {
            actions.add(Map.of("remove", action(alias, collection, Map.of("must_exist", true))));
          }
        });
    after.forEach(
        (alias, collection) -> {
          if (!collection.equals(before.get(alias))) {
            actions.add(Map.of("add", action(alias, collection, Map.of())));
          }
        });
    return actions;
  }

  private Map<String, Object> action(
      CollectionName alias, CollectionName collection, Map<String, Object> options) {
    Map<String, Object> action = new TreeMap<>(options);
    action.put("alias", CollectionIndex.indexName(prefix, alias));
    action.put("index", CollectionIndex.indexName(prefix, collection));
    return action;
  }
}
