package dev.likeness.index.collection;

import dev.likeness.index.error.FingerprintMismatchException;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.rerank.Reranking;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A named set of vectors in some engine. A write returns when it is durable and visible. Safe for
 * any thread.
 */
public interface VectorCollection {

  /** Vectors or ids in one request; bounds its memory. */
  int MAX_BATCH = 10_000;

  CollectionName name();

  /**
   * @throws dev.likeness.index.error.CollectionDamagedException if they cannot be read
   */
  CollectionSettings settings();

  /**
   * Refuses vectors of another encoder. Either side may be empty, which fits all.
   *
   * @throws FingerprintMismatchException if both are given and differ
   */
  default void requireFingerprint(String given) {
    String expected = settings().fingerprint();
    if (!given.isEmpty() && !expected.isEmpty() && !given.equals(expected)) {
      throw new FingerprintMismatchException(name().value(), expected, given);
    }
  }

  /** Begins a batch of writes. Nothing is stored before it is committed. */
  UpsertBatch newBatch();

  /**
   * Deletes vectors durably.
   *
   * @return how many of the ids existed
   */
  int delete(List<VectorId> ids);

  /** The vectors with these ids, in the order asked, empty where there is none. */
  List<Optional<VectorChange.Put>> get(List<VectorId> ids);

  /** A query by values, checked and scaled as the collection's own vectors are. */
  default Query.OfValues query(String field, float[] values) {
    CollectionSettings settings = settings();
    settings.requireDimension(name(), values.length);
    return new Query.OfValues(settings.similarity().prepare(field, values));
  }

  /**
   * The nearest neighbors of each query; all queries see the same state.
   *
   * @param filter which vectors may be answered
   * @param reranking how they are ranked by more than the similarity
   * @param abandoned true when nobody waits for the answer any more
   */
  SearchResult search(
      List<Query> queries,
      int k,
      Filter filter,
      Optional<Reranking> reranking,
      BooleanSupplier abandoned);

  /** Reads everything back and compares it with what was acknowledged. */
  CollectionCheck check();

  /**
   * @throws InvalidRequestException if there are more than {@value #MAX_BATCH}
   */
  static void requireBatch(String field, int size) {
    if (size > MAX_BATCH) {
      throw new InvalidRequestException(
          field,
          "must have at most %d entries, has %d; send them in parts".formatted(MAX_BATCH, size));
    }
  }
}
