package dev.likeness.index.collection;

import dev.likeness.index.error.CollectionDamagedException;
import dev.likeness.index.error.IndexException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.rerank.Reranking;
import dev.likeness.index.search.PartedSearch;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.storage.LogDamagedException;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A named set of vectors: durable in its log, searchable in its index. A write returns when it is
 * on the device and visible. What serves it is a {@link ServingCollection}; a damaged one says why
 * it does not serve. Safe for any thread.
 */
public final class Collection implements VectorCollection {

  private static final Logger LOG = System.getLogger(Collection.class.getName());

  /** Decided when the collection is opened; damage that is found later makes it unavailable. */
  private sealed interface State {
    record Serving(ServingCollection collection) implements State {}

    /**
     * @param former what served until damage was found
     */
    record Unavailable(IndexException why, Optional<ServingCollection> former) implements State {}
  }

  private final CollectionName name;
  private final CollectionFiles files;
  private final @Nullable CollectionManifest manifest;
  private volatile State state;

  private Collection(
      CollectionName name,
      CollectionFiles files,
      @Nullable CollectionManifest manifest,
      State state) {
    this.name = name;
    this.files = files;
    this.manifest = manifest;
    this.state = state;
  }

  /**
   * Recovers a collection from its directory. A damaged one opens too, and says what is wrong. The
   * values of its segments are verified in the background.
   */
  static Collection open(CollectionName name, CollectionFiles files, IndexResources resources) {
    CollectionManifest manifest = null;
    IndexException why;
    try {
      manifest = CollectionManifest.read(files.directory(), files.files());
      RecoveredCollection recovered =
          RecoveredCollection.read(name, files, manifest.settings(), resources);
      State serving = new State.Serving(recovered.serving());
      Collection collection = new Collection(name, files, manifest, serving);
      recovered.startUpkeep(collection::withdraw);
      return collection;
    } catch (IOException e) {
      why = new CollectionDamagedException(name.value(), String.valueOf(e.getMessage()));
    } catch (IndexException e) {
      why = e;
    }
    return new Collection(name, files, manifest, new State.Unavailable(why, Optional.empty()));
  }

  /** Ends the service of a collection in which damage was found. */
  private void withdraw(LogDamagedException damage) {
    String reason = String.valueOf(damage.getMessage());
    var why = new CollectionDamagedException(name.value(), reason);
    LOG.log(Level.ERROR, why.getMessage());
    if (state instanceof State.Serving(ServingCollection collection)) {
      collection.refuseWrites(reason);
      state = new State.Unavailable(why, Optional.of(collection));
    }
  }

  @Override
  public CollectionName name() {
    return name;
  }

  @Override
  public CollectionSettings settings() {
    return serving().settings();
  }

  @Override
  public UpsertBatch newBatch() {
    return serving().newBatch();
  }

  @Override
  public int delete(List<VectorId> ids) {
    VectorCollection.requireBatch("ids", ids.size());
    return serving().delete(ids);
  }

  @Override
  public List<Optional<VectorChange.Put>> get(List<VectorId> ids) {
    VectorCollection.requireBatch("ids", ids.size());
    return serving().get(ids);
  }

  @Override
  public SearchResult search(
      List<Query> queries,
      int k,
      Filter filter,
      Optional<Reranking> reranking,
      BooleanSupplier abandoned) {
    SearchRequest request = new SearchRequest(queries, k, filter, abandoned);
    return serving().search(request, reranking);
  }

  @Override
  public PartedSearch searchInParts(
      List<Query> queries, int k, Filter filter, BooleanSupplier abandoned) {
    return serving().searchInParts(queries, k, filter, abandoned);
  }

  /** All vectors as of now, of length 1. */
  SearchableVectors pinUnitVectors(String field) {
    return serving().pinUnitVectors(field);
  }

  @Override
  public CollectionCheck check() {
    return switch (state) {
      case State.Serving(ServingCollection collection) -> collection.check(files);
      case State.Unavailable(IndexException why, _) ->
          StoredCheck.ofUnavailable(files, String.valueOf(why.getMessage()));
    };
  }

  /**
   * Copies the files of this collection as they are now, while writers go on.
   *
   * @throws IOException if the disk refuses
   */
  CopiedFiles copyTo(CollectionFiles to) throws IOException {
    return serving().copyTo(to);
  }

  /** False while what was found on disk at the start is not verified yet. */
  private boolean isVerified() {
    return switch (state) {
      case State.Serving(ServingCollection collection) -> collection.writes().upkeep().isVerified();
      case State.Unavailable unavailable -> true;
    };
  }

  /** Returns when its files are left alone; {@link #resumeUpkeep} goes on. */
  void stopUpkeep() {
    if (state instanceof State.Serving(ServingCollection collection)) {
      collection.writes().graphs().stop();
      collection.writes().upkeep().stop();
    }
  }

  void resumeUpkeep() {
    if (state instanceof State.Serving(ServingCollection collection)) {
      collection.writes().upkeep().resume();
      collection.writes().graphs().resume();
    }
  }

  CollectionDescription describe(List<CollectionName> aliases) {
    Optional<CollectionDescription.EngineUse> use = engineUse();
    return new CollectionDescription(
        name,
        Optional.ofNullable(manifest).map(CollectionManifest::settings),
        Optional.ofNullable(manifest).map(CollectionManifest::createTime),
        vectorCount(),
        files.sizeBytes(),
        aliases,
        isVerified(),
        use.flatMap(CollectionDescription.EngineUse::byGraph).isPresent() ? "graph" : "exact",
        use,
        failureReason());
  }

  private Optional<CollectionDescription.EngineUse> engineUse() {
    return switch (state) {
      case State.Serving(ServingCollection collection) -> Optional.of(collection.engineUse());
      case State.Unavailable unavailable -> Optional.empty();
    };
  }

  EngineChoice engineChoice() {
    return serving().writes().graphs().choice();
  }

  /**
   * @throws IOException if the choice cannot be stored
   */
  void chooseEngine(EngineChoice choice) throws IOException {
    serving().writes().graphs().choose(choice);
  }

  /** Vectors that can be found. */
  public long vectorCount() {
    return switch (state) {
      case State.Serving(ServingCollection collection) -> collection.vectorCount();
      case State.Unavailable unavailable -> 0;
    };
  }

  /** Why it cannot be searched or written; empty if it can. */
  public Optional<String> failureReason() {
    return switch (state) {
      case State.Serving(ServingCollection collection) -> collection.brokenBecause();
      case State.Unavailable(IndexException why, _) -> Optional.ofNullable(why.getMessage());
    };
  }

  /** Ends all use: writes are refused, memory is freed when the searches under way are done. */
  void close() {
    switch (state) {
      case State.Serving(ServingCollection collection) -> collection.writes().close();
      case State.Unavailable(_, Optional<ServingCollection> former) ->
          former.ifPresent(collection -> collection.writes().close());
    }
  }

  private ServingCollection serving() {
    return switch (state) {
      case State.Serving(ServingCollection collection) -> collection;
      case State.Unavailable(IndexException why, _) -> throw why;
    };
  }
}
