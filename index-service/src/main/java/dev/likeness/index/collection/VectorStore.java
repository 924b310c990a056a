package dev.likeness.index.collection;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.rerank.Augmentation;
import java.io.IOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * All collections and aliases of one engine: the place where engines are exchanged. A name is that
 * of a collection or of an alias, never of both. Safe for any thread.
 *
 * @see CollectionCatalog the engine on the disk of this machine
 */
public interface VectorStore extends AutoCloseable {

  /**
   * Creates a collection. Answers the present one if it has the same name and settings, so that a
   * retry does not fail.
   *
   * @param requestId the caller's id of the request, may be empty
   * @throws dev.likeness.index.error.CollectionExistsException if the name is taken by an alias or
   *     by a collection with other settings
   */
  CollectionDescription create(CollectionName name, CollectionSettings settings, String requestId);

  /**
   * Changes how a collection is searched, from now on.
   *
   * @throws dev.likeness.index.error.CollectionNotFoundException if there is none of this name
   * @throws InvalidRequestException if this engine leaves no choice
   */
  default CollectionDescription chooseEngine(CollectionName nameOrAlias, EngineChoice choice) {
    throw new InvalidRequestException(
        "engine", "cannot be chosen per collection here; it is a setting of the cluster");
  }

  /**
   * The collection of this name or alias.
   *
   * @throws dev.likeness.index.error.CollectionNotFoundException if there is none
   */
  VectorCollection get(CollectionName nameOrAlias);

  /**
   * @throws dev.likeness.index.error.CollectionNotFoundException if there is none of this name
   */
  CollectionDescription describe(CollectionName nameOrAlias);

  /** All collections, by name. */
  List<CollectionDescription> list();

  /**
   * Deletes a collection, damaged or not.
   *
   * @param name not an alias
   * @throws dev.likeness.index.error.CollectionNotFoundException if there is none
   * @throws dev.likeness.index.error.CollectionInUseException if an alias points to it
   */
  void delete(CollectionName name);

  /**
   * Applies all changes, in order, or none of them; durable when it returns.
   *
   * @throws dev.likeness.index.error.CollectionNotFoundException if an alias is to point to nothing
   * @throws dev.likeness.index.error.CollectionExistsException if an alias has the name of a
   *     collection
   * @throws dev.likeness.index.error.AliasNotFoundException if an alias to be removed does not
   *     exist
   */
  void setAliases(List<AliasChange> aliasChanges);

  /**
   * Copies a collection, as acknowledged now, into a snapshot.
   *
   * @throws dev.likeness.index.error.SnapshotExistsException if the name is taken
   */
  SnapshotDescription createSnapshot(CollectionName nameOrAlias, CollectionName snapshot);

  /**
   * Makes a new collection of a snapshot.
   *
   * @throws dev.likeness.index.error.SnapshotNotFoundException if there is no such snapshot
   * @throws dev.likeness.index.error.SnapshotDamagedException if it is not what was written
   * @throws dev.likeness.index.error.CollectionExistsException if the name is taken
   */
  CollectionDescription restoreSnapshot(CollectionName snapshot, CollectionName name);

  /**
   * Makes a new collection of the augmented vectors of another; afterwards it is there whole, or
   * not at all. Others may create collections meanwhile.
   *
   * @param abandoned true when nobody waits for it any more
   * @throws InvalidRequestException if the similarity of the source is not cosine, or the engine
   *     cannot do it
   * @throws dev.likeness.index.error.CollectionExistsException if the name is taken
   */
  default CollectionDescription derive(
      CollectionName nameOrAlias,
      CollectionName name,
      Augmentation augmentation,
      BooleanSupplier abandoned) {
    throw new InvalidRequestException("collection", "this engine cannot derive collections");
  }

  /** Ends all use. */
  @Override
  void close() throws IOException;
}
