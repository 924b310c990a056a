package dev.likeness.index.collection;

import dev.likeness.index.error.CollectionExistsException;
import dev.likeness.index.error.CollectionNotFoundException;
import dev.likeness.index.error.StorageFailureException;
import dev.likeness.index.rerank.Augmentation;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  private final CatalogDirectory directory;
  private final AliasTable aliasTable;
  private final SnapshotStore snapshots;
  private final IndexResources resources;
  private final ReentrantLock changes = new ReentrantLock();

  /** Names of collections that are being made without the lock. */
  private final Set<CollectionName> coming = ConcurrentHashMap.newKeySet();

  private volatile CatalogNames<Collection> names;

  private CollectionCatalog(
      CatalogDirectory directory,
      AliasTable aliasTable,
      IndexResources resources,
      CatalogNames<Collection> names) {
    this.directory = directory;
    this.aliasTable = aliasTable;
    this.resources = resources;
    this.snapshots = new SnapshotStore(directory, resources);
    this.names = names;
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
          directory, aliasTable, resources, new CatalogNames<>(collections, aliasTable.read()));
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public Collection get(CollectionName nameOrAlias) {
    return names.get(nameOrAlias);
  }

  @Override
  public CollectionDescription describe(CollectionName nameOrAlias) {
    Collection collection = get(nameOrAlias);
    return collection.describe(names.aliasesOf(collection.name()));
  }

  @Override
  public List<CollectionDescription> list() {
    CatalogNames<Collection> now = names;
    return now.collections().values().stream()
        .map(collection -> collection.describe(now.aliasesOf(collection.name())))
        .toList();
  }

  @Override
  public CollectionDescription create(
      CollectionName name, CollectionSettings settings, String requestId) {
    var manifest = new CollectionManifest(settings, requestId, resources.clock().instant());
    changes.lock();
    try {
      Optional<Collection> present = names.find(name);
      if (present.isPresent()) {
        requireEqual(present.get(), settings);
        return describe(name);
      }
      names.requireFree(name, coming);
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
      Collection collection =
          names.find(name).orElseThrow(() -> new CollectionNotFoundException(name.value()));
      names.requireWithoutAliases(name);
      collection.stopUpkeep();
      directory.remove(name);
      names = names.without(name);
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
      CatalogNames<Collection> next = names.changed(aliasChanges, coming);
      aliasTable.write(next.aliases());
      names = next;
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
      requireAbsent(name);
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
      requireAbsent(name);
      coming.add(name);
    } finally {
      changes.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    changes.lock();
    try {
      names.collections().values().forEach(Collection::close);
      names = new CatalogNames<>(Map.of(), Map.of());
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
    names = names.with(name, Collection.open(name, directory.filesOf(name), resources));
  }

  private void requireAbsent(CollectionName name) {
    if (names.find(name).isPresent()) {
      throw new CollectionExistsException(name.value(), "it is a collection");
    }
    names.requireFree(name, coming);
  }

  private static void requireEqual(Collection present, CollectionSettings settings) {
    CollectionSettings presentSettings = present.settings();
    if (!presentSettings.equals(settings)) {
      throw new CollectionExistsException(
          present.name().value(), presentSettings.difference(settings));
    }
  }

  private static StorageFailureException failure(String action, IOException e) {
    return new StorageFailureException(action, String.valueOf(e.getMessage()), e);
  }
}
