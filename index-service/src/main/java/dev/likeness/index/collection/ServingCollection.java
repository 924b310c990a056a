package dev.likeness.index.collection;

import dev.likeness.index.error.CollectionReadOnlyException;
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
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.storage.VectorLog;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What is behind a collection that can be searched: its files, the index over them, and the way of
 * changes into both. Safe for any thread.
 */
final class ServingCollection {

  private final CollectionName name;
  private final CollectionSettings settings;
  private final SegmentStore store;
  private final VectorLog log;
  private final SealableIndex index;
  private final CollectionWrites writes;
  private final IndexResources resources;

  ServingCollection(
      CollectionName name,
      CollectionSettings settings,
      SegmentStore store,
      VectorLog log,
      SealableIndex index,
      EngineChoice engine,
      IndexResources resources) {
    this.name = name;
    this.settings = settings;
    this.store = store;
    this.log = log;
    this.index = index;
    this.resources = resources;
    writes = new CollectionWrites(name, store, log, index, resources, engine);
  }

  CollectionSettings settings() {
    return settings;
  }

  CollectionWrites writes() {
    return writes;
  }

  /** Vectors that can be found. */
  int vectorCount() {
    return index.size();
  }

  /** Why it takes no writes; empty if it does. */
  Optional<String> brokenBecause() {
    return log.brokenBecause();
  }

  void refuseWrites(String reason) {
    log.refuseWrites(reason);
  }

  private void requireWritable() {
    log.brokenBecause()
        .ifPresent(
            reason -> {
              throw new CollectionReadOnlyException(name.value(), reason);
            });
  }

  UpsertBatch newBatch() {
    requireWritable();
    return new UpsertBatch(
        name,
        settings,
        SimdScaling.like(resources.kernel()),
        puts -> {
          writes.commit(puts);
          return List.of();
        });
  }

  int delete(List<VectorId> ids) {
    requireWritable();
    List<VectorChange> changes = ids.stream().<VectorChange>map(VectorChange.Delete::new).toList();
    return changes.isEmpty() ? 0 : writes.commit(changes).existingCount();
  }

  List<Optional<VectorChange.Put>> get(List<VectorId> ids) {
    return index.get(ids);
  }

  SearchResult search(SearchRequest request, Optional<Reranking> reranking) {
    if (reranking.isEmpty()) {
      return index.search(request);
    }
    requireCosine("reranking", "; leave it out");
    try (SearchableVectors vectors = index.pin(request.filter())) {
      int dimension = settings.dimension();
      return reranking.get().search(vectors, request, () -> resources.newIndex(dimension));
    }
  }

  PartedSearch searchInParts(List<Query> queries, int k, Filter filter, BooleanSupplier abandoned) {
    SearchableVectors vectors = index.pin(filter);
    try {
      return new PartedSearch(vectors, queries, k, abandoned);
    } catch (RuntimeException e) {
      vectors.close();
      throw e;
    }
  }

  /** All vectors as of now, of length 1. */
  SearchableVectors pinUnitVectors(String field) {
    requireCosine(field, "");
    return index.pin();
  }

  private void requireCosine(String field, String advice) {
    if (settings.similarity() != Similarity.COSINE) {
      throw new InvalidRequestException(
          field,
          "needs a collection of cosine similarity, that of '%s' is the inner product%s"
              .formatted(name, advice));
    }
  }

  /** Reads the files back and compares them with what was acknowledged. */
  CollectionCheck check(CollectionFiles files) {
    return writes
        .upkeep()
        .whileStill(
            () ->
                writes
                    .whileQuiet(() -> new StoredCheck(store, log.length(), index.pin()))
                    .run(files));
  }

  /**
   * Copies the files as they are now, while writers go on.
   *
   * @throws IOException if the disk refuses
   */
  CopiedFiles copyTo(CollectionFiles to) throws IOException {
    try {
      return writes
          .upkeep()
          .whileStill(
              () -> {
                var moment =
                    writes.whileQuiet(
                        () ->
                            new CopiedFiles.Moment(log.length(), log.lastSequence(), index.size()));
                return CopiedFiles.copy(store, moment, to);
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** How it is to be searched, and what searches by graph are worth now. */
  CollectionDescription.EngineUse engineUse() {
    return new CollectionDescription.EngineUse(writes.graphs().choice(), index.graphUse());
  }
}
