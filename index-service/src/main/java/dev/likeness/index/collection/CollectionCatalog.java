package dev.likeness.index.collection;

import dev.likeness.index.error.AliasNotFoundException;
import dev.likeness.index.error.CollectionExistsException;
import dev.likeness.index.error.CollectionInUseException;
import dev.likeness.index.error.CollectionNotFoundException;
import dev.likeness.index.error.StorageFailureException;
import dev.likeness.index.rerank.Augmentation;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * All collections and aliases of one directory. Reading takes no lock: it looks at an immutable
 * state that each change replaces. Safe for any thread.
 *
 * <pre>
 * lock                      held while a process uses the directory
 * aliases                   {@link AliasTable}
 * collections/&lt;name&gt;/       {@link CollectionFiles}; names that begin with '.' are being made or deleted
 * snapshots/&lt;name&gt;/         {@link SnapshotStore}
 * </pre>
 */
public final class CollectionCatalog implements VectorStore {

  private static final Logger LOG = System.getLogger(CollectionCatalog.class.getName());

  private record State(
      Map<CollectionName, Collection> collections, Map<CollectionName, CollectionName> aliases) {}

  private final CatalogDirectory directory;
  private final AliasTable aliasTable;
  private final SnapshotStore snapshots;
  private final IndexResources resources;
  private final ReentrantLock changes = new ReentrantLock();

  /** Names of collections that are being made without the lock. */
  private final Set<CollectionName> coming = ConcurrentHashMap.newKeySet();

  private volatile State state;

  private CollectionCatalog(
      CatalogDirectory directory, AliasTable aliasTable, IndexResources resources, State state) {
    this.directory = directory;
    this.aliasTable = aliasTable;
    this.resources = resources;
    this.snapshots = new SnapshotStore(directory, resources);
    this.state = state;
  }

  /**
   * Recovers everything in a directory; returns when each collection is verified and searchable, or
   * known to be damaged.
   *
   * @param root made if absent
   * @throws IOException if another process uses the directory, or it or its aliases cannot be read
   */
  public static CollectionCatalog open(Path root, IndexResources resources) throws IOException {
    CatalogDirectory directory = CatalogDirectory.lock(root, resources.files());
    try {
      AliasTable aliasTable = new AliasTable(root, resources.files());
      Map<CollectionName, Collection> collections = new TreeMap<>();
      for (CollectionName name : directory.collections()) {
        Collection collection = Collection.open(name, directory.filesOf(name), resources);
        collection
            .failureReason()
            .ifPresentOrElse(
                reason -> LOG.log(Level.ERROR, reason),
                () ->
                    LOG.log(
                        Level.INFO,
                        "collection ''{0}'' recovered: {1} vectors",
                        name,
                        collection.vectorCount()));
        collections.put(name, collection);
      }
      return new CollectionCatalog(
          directory, aliasTable, resources, new State(collections, aliasTable.read()));
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public Collection get(CollectionName nameOrAlias) {
    State now = state;
    CollectionName name = now.aliases.getOrDefault(nameOrAlias, nameOrAlias);
    Collection collection = now.collections.get(name);
    if (collection == null) {
      throw new CollectionNotFoundException(nameOrAlias.value());
    }
    return collection;
  }

  @Override
  public CollectionDescription describe(CollectionName nameOrAlias) {
    Collection collection = get(nameOrAlias);
    return collection.describe(aliasesOf(collection.name(), state));
  }

  @Override
  public List<CollectionDescription> list() {
    State now = state;
    return now.collections.values().stream()
        .map(collection -> collection.describe(aliasesOf(collection.name(), now)))
        .toList();
  }

  @Override
  public CollectionDescription create(
      CollectionName name, CollectionSettings settings, String requestId) {
    var manifest = new CollectionManifest(settings, requestId, resources.clock().instant());
    changes.lock();
    try {
      Collection present = state.collections.get(name);
      if (present != null) {
        requireEqual(present, settings);
        return describe(name);
      }
      requireFree(name);
      add(name, files -> files.createEmpty(manifest));
      return describe(name);
    } finally {
      changes.unlock();
    }
  }

  @Override
  public CollectionDescription chooseEngine(CollectionName nameOrAlias, EngineChoice choice) {
    changes.lock();
    try {
      get(nameOrAlias).chooseEngine(choice);
      return describe(nameOrAlias);
    } catch (IOException e) {
      throw failure("store the engine of '" + nameOrAlias + "'", e);
    } finally {
      changes.unlock();
    }
  }

  @Override
  public void delete(CollectionName name) {
    changes.lock();
    try {
      Collection collection = state.collections.get(name);
      if (collection == null) {
        throw new CollectionNotFoundException(name.value());
      }
      List<CollectionName> aliases = aliasesOf(name, state);
      if (!aliases.isEmpty()) {
        throw new CollectionInUseException(
            name.value(), aliases.stream().map(CollectionName::value).toList());
      }
      collection.stopUpkeep();
      directory.remove(name);
      Map<CollectionName, Collection> remaining = new TreeMap<>(state.collections);
      remaining.remove(name);
      state = new State(remaining, state.aliases);
      collection.close();
    } catch (IOException e) {
      get(name).resumeUpkeep();
      throw failure("delete collection '" + name + "'", e);
    } finally {
      changes.unlock();
    }
  }

  @Override
  public void setAliases(List<AliasChange> aliasChanges) {
    changes.lock();
    try {
      Map<CollectionName, CollectionName> next = new TreeMap<>(state.aliases);
      aliasChanges.forEach(change -> apply(change, next));
      aliasTable.write(next);
      state = new State(state.collections, next);
    } catch (IOException e) {
      throw failure("store the aliases", e);
    } finally {
      changes.unlock();
    }
  }

  @Override
  public SnapshotDescription createSnapshot(CollectionName nameOrAlias, CollectionName snapshot) {
    return snapshots.create(get(nameOrAlias), snapshot);
  }

  @Override
  public CollectionDescription restoreSnapshot(CollectionName snapshot, CollectionName name) {
    changes.lock();
    try {
      Collection present = state.collections.get(name);
      if (present != null) {
        throw new CollectionExistsException(name.value(), "it is a collection");
      }
      requireFree(name);
      add(name, files -> snapshots.restore(snapshot, files));
      return describe(name);
    } finally {
      changes.unlock();
    }
  }

  @Override
  public CollectionDescription derive(
      CollectionName nameOrAlias,
      CollectionName name,
      Augmentation augmentation,
      BooleanSupplier abandoned) {
    Collection source = get(nameOrAlias);
    reserve(name);
    try {
      DerivedFiles derived = new DerivedFiles(source, augmentation, abandoned, resources);
      directory.add(name, derived::fill);
      changes.lock();
      try {
        show(name);
        return describe(name);
      } finally {
        changes.unlock();
      }
    } catch (IOException e) {
      throw failure("create collection '" + name + "'", e);
    } finally {
      coming.remove(name);
    }
  }

  private void reserve(CollectionName name) {
    changes.lock();
    try {
      if (state.collections.containsKey(name)) {
        throw new CollectionExistsException(name.value(), "it is a collection");
      }
      requireFree(name);
      coming.add(name);
    } finally {
      changes.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    changes.lock();
    try {
      state.collections.values().forEach(Collection::close);
      state = new State(Map.of(), Map.of());
      directory.close();
    } finally {
      changes.unlock();
    }
  }

  private void add(CollectionName name, CatalogDirectory.Filling filling) {
    try {
      directory.add(name, filling);
    } catch (IOException e) {
      throw failure("create collection '" + name + "'", e);
    }
    show(name);
  }

  private void show(CollectionName name) {
    Map<CollectionName, Collection> more = new TreeMap<>(state.collections);
    more.put(name, Collection.open(name, directory.filesOf(name), resources));
    state = new State(more, state.aliases);
  }

  private void apply(AliasChange change, Map<CollectionName, CollectionName> aliases) {
    switch (change) {
      case AliasChange.Point(CollectionName alias, CollectionName collection) -> {
        if (state.collections.containsKey(alias) || coming.contains(alias)) {
          throw new CollectionExistsException(alias.value(), "it is a collection");
        }
        if (!state.collections.containsKey(collection)) {
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

  private void requireFree(CollectionName name) {
    if (coming.contains(name)) {
      throw new CollectionExistsException(name.value(), "it is being made");
    }
    CollectionName target = state.aliases.get(name);
    if (target != null) {
      throw new CollectionExistsException(name.value(), "it is an alias of '" + target + "'");
    }
  }

  private static void requireEqual(Collection present, CollectionSettings settings) {
    CollectionSettings presentSettings = present.settings();
    if (!presentSettings.equals(settings)) {
      throw new CollectionExistsException(
          present.name().value(), presentSettings.difference(settings));
    }
  }

  private static List<CollectionName> aliasesOf(CollectionName name, State now) {
    return now.aliases.entrySet().stream()
        .filter(entry -> entry.getValue().equals(name))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static StorageFailureException failure(String action, IOException e) {
    return new StorageFailureException(action, String.valueOf(e.getMessage()), e);
  }
}
