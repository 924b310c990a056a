package dev.likeness.index.collection;

import dev.likeness.index.error.CollectionDamagedException;
import dev.likeness.index.error.CollectionReadOnlyException;
import dev.likeness.index.error.IndexException;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.kernel.SimdScaling;
import dev.likeness.index.rerank.Reranking;
import dev.likeness.index.search.PartedSearch;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SealableIndex;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.search.VectorIndex;
import dev.likeness.index.storage.LogDamagedException;
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.storage.VectorLog;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A named set of vectors: durable in its log, searchable in its index. A write returns when it is
 * on the device and visible. Safe for any thread.
 */
public final class Collection implements VectorCollection {

  private static final Logger LOG = System.getLogger(Collection.class.getName());

  /** Smaller logs are not worth sealing before they are full. */
  private static final long MIN_SEAL_BYTES = 1 << 20;

  /** Decided when the collection is opened; damage that is found later makes it unavailable. */
  private sealed interface State {
    record Serving(
        CollectionSettings settings,
        SegmentStore store,
        VectorLog log,
        SealableIndex index,
        CollectionWrites writes,
        ValueArrays arrays)
        implements State {}

    /**
     * @param former what served until damage was found
     */
    record Unavailable(IndexException why, Optional<CollectionWrites> former) implements State {}
  }

  private final CollectionName name;
  private final CollectionFiles files;
  private final @Nullable CollectionManifest manifest;
  private volatile State state;
  private final IndexResources resources;

  private Collection(
      CollectionName name,
      CollectionFiles files,
      @Nullable CollectionManifest manifest,
      State state,
      IndexResources resources) {
    this.name = name;
    this.files = files;
    this.manifest = manifest;
    this.state = state;
    this.resources = resources;
  }

  /**
   * Recovers a collection from its directory. A damaged one opens too, and says what is wrong. The
   * values of its segments are verified in the background.
   */
  static Collection open(CollectionName name, CollectionFiles files, IndexResources resources) {
    CollectionManifest manifest = null;
    SealableIndex index = null;
    try {
      manifest = CollectionManifest.read(files.directory(), files.files());
      CollectionSettings settings = manifest.settings();
      EngineChoice engine = EngineChoice.read(files.directory(), files.files());
      SegmentStore store =
          SegmentStore.open(
              files.directory(),
              settings.dimension(),
              resources.storage().spareBytes(),
              files.files());
      SealableIndex recovered = resources.newIndex(settings.dimension());
      index = recovered;
      List<SegmentStore.Part> parts = store.parts();
      parts.forEach(part -> recovered.attach(part.segment(), part.deleted()));
      VectorLog.Opened opened = store.replay(recovered::apply);
      CollectionWrites writes =
          new CollectionWrites(name, store, opened.log(), recovered, resources, engine);
      var serving =
          new State.Serving(
              settings,
              store,
              opened.log(),
              recovered,
              writes,
              new ValueArrays(settings.dimension()));
      Collection collection = new Collection(name, files, manifest, serving, resources);
      writes.upkeep().start(parts, isMostlyDead(opened, recovered), collection::withdraw);
      return collection;
    } catch (IOException e) {
      var why = new CollectionDamagedException(name.value(), String.valueOf(e.getMessage()));
      return unavailable(name, files, manifest, index, why, resources);
    } catch (IndexException e) {
      return unavailable(name, files, manifest, index, e, resources);
    }
  }

  private static boolean isMostlyDead(VectorLog.Opened opened, VectorIndex index) {
    return opened.log().length() >= MIN_SEAL_BYTES
        && opened.contents().operationCount() > 2L * index.size();
  }

  /** Ends the service of a collection in which damage was found. */
  private void withdraw(LogDamagedException damage) {
    String reason = String.valueOf(damage.getMessage());
    var why = new CollectionDamagedException(name.value(), reason);
    LOG.log(Level.ERROR, why.getMessage());
    if (state instanceof State.Serving serving) {
      serving.log().refuseWrites(reason);
      state = new State.Unavailable(why, Optional.of(serving.writes()));
    }
  }

  private static Collection unavailable(
      CollectionName name,
      CollectionFiles files,
      @Nullable CollectionManifest manifest,
      @Nullable VectorIndex index,
      IndexException why,
      IndexResources resources) {
    if (index != null) {
      index.close();
    }
    return new Collection(
        name, files, manifest, new State.Unavailable(why, Optional.empty()), resources);
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
    State.Serving serving = writable();
    return new UpsertBatch(
        name,
        serving.settings(),
        SimdScaling.like(resources.kernel()),
        serving.arrays(),
        puts -> {
          serving.writes().commit(puts);
          return List.of();
        });
  }

  @Override
  public int delete(List<VectorId> ids) {
    VectorCollection.requireBatch("ids", ids.size());
    State.Serving serving = writable();
    List<VectorChange> changes = ids.stream().<VectorChange>map(VectorChange.Delete::new).toList();
    return changes.isEmpty() ? 0 : serving.writes().commit(changes).existingCount();
  }

  @Override
  public List<Optional<VectorChange.Put>> get(List<VectorId> ids) {
    VectorCollection.requireBatch("ids", ids.size());
    return serving().index().get(ids);
  }

  @Override
  public SearchResult search(
      List<Query> queries,
      int k,
      Filter filter,
      Optional<Reranking> reranking,
      BooleanSupplier abandoned) {
    SearchRequest request = new SearchRequest(queries, k, filter, abandoned);
    State.Serving serving = serving();
    if (reranking.isEmpty()) {
      return serving.index().search(request);
    }
    requireCosine(serving, "reranking", "; leave it out");
    try (SearchableVectors vectors = serving.index().pin(filter)) {
      int dimension = serving.settings().dimension();
      return reranking.get().search(vectors, request, () -> resources.newIndex(dimension));
    }
  }

  @Override
  public PartedSearch searchInParts(
      List<Query> queries, int k, Filter filter, BooleanSupplier abandoned) {
    SearchableVectors vectors = serving().index().pin(filter);
    try {
      return new PartedSearch(vectors, queries, k, abandoned);
    } catch (RuntimeException e) {
      vectors.close();
      throw e;
    }
  }

  /** All vectors as of now, of length 1. */
  SearchableVectors pinUnitVectors(String field) {
    State.Serving serving = serving();
    requireCosine(serving, field, "");
    return serving.index().pin();
  }

  private void requireCosine(State.Serving serving, String field, String advice) {
    if (serving.settings().similarity() != Similarity.COSINE) {
      throw new InvalidRequestException(
          field,
          "needs a collection of cosine similarity, that of '%s' is the inner product%s"
              .formatted(name, advice));
    }
  }

  @Override
  public CollectionCheck check() {
    return switch (state) {
      case State.Serving serving -> serving.writes().upkeep().whileStill(() -> check(serving));
      case State.Unavailable(IndexException why, _) ->
          StoredCheck.ofUnavailable(files, String.valueOf(why.getMessage()));
    };
  }

  private CollectionCheck check(State.Serving serving) {
    StoredCheck check =
        serving
            .writes()
            .whileQuiet(
                () ->
                    new StoredCheck(
                        serving.store(), serving.log().length(), serving.index().pin()));
    return check.run(files);
  }

  /**
   * Copies the files of this collection as they are now, while writers go on.
   *
   * @throws IOException if the disk refuses
   */
  CopiedFiles copyTo(CollectionFiles to) throws IOException {
    State.Serving serving = serving();
    CollectionWrites writes = serving.writes();
    try {
      return writes
          .upkeep()
          .whileStill(
              () -> {
                var moment =
                    writes.whileQuiet(
                        () ->
                            new CopiedFiles.Moment(
                                serving.log().length(),
                                serving.log().lastSequence(),
                                serving.index().size()));
                return CopiedFiles.copy(serving.store(), moment, to);
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** False while what was found on disk at the start is not verified yet. */
  private boolean isVerified() {
    return switch (state) {
      case State.Serving serving -> serving.writes().upkeep().isVerified();
      case State.Unavailable unavailable -> true;
    };
  }

  /** Returns when its files are left alone; {@link #resumeUpkeep} goes on. */
  void stopUpkeep() {
    if (state instanceof State.Serving serving) {
      serving.writes().graphs().stop();
      serving.writes().upkeep().stop();
    }
  }

  void resumeUpkeep() {
    if (state instanceof State.Serving serving) {
      serving.writes().upkeep().resume();
      serving.writes().graphs().resume();
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
      case State.Serving serving ->
          Optional.of(
              new CollectionDescription.EngineUse(
                  serving.writes().graphs().choice(), serving.index().graphUse()));
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
      case State.Serving serving -> serving.index().size();
      case State.Unavailable unavailable -> 0;
    };
  }

  /** Why it cannot be searched or written; empty if it can. */
  public Optional<String> failureReason() {
    return switch (state) {
      case State.Serving serving -> serving.log().brokenBecause();
      case State.Unavailable(IndexException why, _) -> Optional.ofNullable(why.getMessage());
    };
  }

  Optional<CollectionManifest> manifest() {
    return Optional.ofNullable(manifest);
  }

  CollectionFiles files() {
    return files;
  }

  /** Ends all use: writes are refused, memory is freed when the searches under way are done. */
  void close() {
    switch (state) {
      case State.Serving serving -> serving.writes().close();
      case State.Unavailable unavailable -> unavailable.former().ifPresent(CollectionWrites::close);
    }
  }

  private State.Serving serving() {
    return switch (state) {
      case State.Serving serving -> serving;
      case State.Unavailable(IndexException why, _) -> throw why;
    };
  }

  private State.Serving writable() {
    State.Serving serving = serving();
    serving
        .log()
        .brokenBecause()
        .ifPresent(
            reason -> {
              throw new CollectionReadOnlyException(name.value(), reason);
            });
    return serving;
  }
}
