package dev.likeness.index.collection;

import dev.likeness.index.error.AliasNotFoundException;
import dev.likeness.index.error.CollectionExistsException;
import dev.likeness.index.error.CollectionInUseException;
import dev.likeness.index.error.CollectionNotFoundException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the names of a catalog stand for: collections, and aliases of collections. No name is both.
 * Immutable; each change makes a new one.
 *
 * @param <C> a collection
 */
record CatalogNames<C>(
    Map<CollectionName, C> collections, Map<CollectionName, CollectionName> aliases) {

  CatalogNames {
    collections = Collections.unmodifiableMap(new TreeMap<>(collections));
    aliases = Collections.unmodifiableMap(new TreeMap<>(aliases));
  }

  /**
   * @throws CollectionNotFoundException if the name stands for nothing
   */
  C get(CollectionName nameOrAlias) {
    C collection = collections.get(aliases.getOrDefault(nameOrAlias, nameOrAlias));
    if (collection == null) {
      throw new CollectionNotFoundException(nameOrAlias.value());
    }
    return collection;
  }

  /** By its own name, not by an alias. */
  Optional<C> find(CollectionName name) {
    return Optional.ofNullable(collections.get(name));
  }

  List<CollectionName> aliasesOf(CollectionName name) {
    return aliases.entrySet().stream()
        .filter(entry -> entry.getValue().equals(name))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /**
   * @param coming names of collections that are being made
   * @throws CollectionExistsException if the name is one of these, or an alias
   */
  void requireFree(CollectionName name, Set<CollectionName> coming) {
    if (coming.contains(name)) {
      throw new CollectionExistsException(name.value(), "it is being made");
    }
    CollectionName target = aliases.get(name);
    if (target != null) {
      throw new CollectionExistsException(name.value(), "it is an alias of '" + target + "'");
    }
  }

  /**
   * @throws CollectionInUseException if the collection has aliases
   */
  void requireWithoutAliases(CollectionName name) {
    List<CollectionName> present = aliasesOf(name);
    if (!present.isEmpty()) {
      throw new CollectionInUseException(
          name.value(), present.stream().map(CollectionName::value).toList());
    }
  }

  CatalogNames<C> with(CollectionName name, C collection) {
    Map<CollectionName, C> more = new TreeMap<>(collections);
    more.put(name, collection);
    return new CatalogNames<>(more, aliases);
  }

  CatalogNames<C> without(CollectionName name) {
    Map<CollectionName, C> remaining = new TreeMap<>(collections);
    remaining.remove(name);
    return new CatalogNames<>(remaining, aliases);
  }

  /**
   * @param coming names of collections that are being made
   * @throws CollectionExistsException if an alias would have the name of a collection
   * @throws CollectionNotFoundException if it would lead to none
   * @throws AliasNotFoundException if one that is to be removed does not exist
   */
  CatalogNames<C> changed(List<AliasChange> changes, Set<CollectionName> coming) {
    Map<CollectionName, CollectionName> next = new TreeMap<>(aliases);
    for (AliasChange change : changes) {
      switch (change) {
        case AliasChange.Point(CollectionName alias, CollectionName collection) -> {
          if (collections.containsKey(alias) || coming.contains(alias)) {
            throw new CollectionExistsException(alias.value(), "it is a collection");
          }
          if (!collections.containsKey(collection)) {
            throw new CollectionNotFoundException(collection.value());
          }
          next.put(alias, collection);
        }
        case AliasChange.Remove(CollectionName alias) -> {
          if (next.remove(alias) == null) {
            throw new AliasNotFoundException(alias.value());
          }
        }
      }
    }
    return new CatalogNames<>(collections, next);
  }
}
