package dev.likeness.gateway.peer;

import dev.likeness.gateway.attribute.Attributes;
import dev.likeness.gateway.filter.Filter;
import dev.likeness.gateway.run.Rerank;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The index. Calls block.
 *
 * @see PeerException every call may throw it
 */
public interface IndexPeer {

  /** Most ids in one request, small enough for any file names in one message. */
  int MAX_IDS = 1000;

  /** Most neighbors of one query. */
  int MAX_NEIGHBORS = 10_000;

  /** The collection of a name or alias. */
  Optional<Collection> collection(String name);

  /** Creates a collection for vectors of one encoder; an equal one that exists is fine. */
  void createCollection(String name, int dimension, String fingerprint);

  /** How the collection of a name or alias is searched; empty if there is no such collection. */
  Optional<SearchEngine> engine(String name);

  /**
   * Changes how a collection is searched.
   *
   * @param chosen exact, graph or auto
   * @param targetRecall 0.5 to 1; null for the index's default
   */
  SearchEngine chooseEngine(String name, String chosen, @Nullable Double targetRecall);

  /** Lets an alias point to a collection from now on; in one step where it pointed elsewhere. */
  void setAlias(String alias, String collection);

  /** Removes an alias; one that does not exist is fine. */
  void removeAlias(String alias);

  /** Deletes a collection; one that does not exist is fine. */
  void deleteCollection(String name);

  /**
   * Writes vectors and answers when they are durable.
   *
   * @return id → why, for vectors that were refused
   */
  default Map<String, String> upsert(
      String collection, String fingerprint, SequencedMap<String, Embedding> vectors) {
    return upsert(collection, fingerprint, vectors, Map.of());
  }

  /**
   * Writes vectors with attributes and answers when they are durable; what an id had before is
   * replaced.
   *
   * @param attributes by id; an id without an entry has none
   * @return id → why, for vectors that were refused
   */
  Map<String, String> upsert(
      String collection,
      String fingerprint,
      SequencedMap<String, Embedding> vectors,
      Map<String, Attributes> attributes);

  /** Which of the ids have a vector; at most {@link #MAX_IDS}. */
  Set<String> existing(String collection, List<String> ids);

  /** The attributes of the ids that have a vector; at most {@link #MAX_IDS}. */
  Map<String, Attributes> attributes(String collection, List<String> ids);

  /** The vectors of the ids that have one, in their order; at most {@link #MAX_IDS}. */
  SequencedMap<String, Embedding> vectors(String collection, List<String> ids);

  /**
   * The nearest neighbors of each query.
   *
   * @param fingerprint fingerprint of the encoder that made the queries
   * @param k neighbors wanted, 1 to {@link #MAX_NEIGHBORS}
   */
  List<List<Neighbor>> search(
      String collection, String fingerprint, List<Embedding> queries, int k);

  /**
   * The best neighbors of each query, ranked by more than the similarity. The same vectors and
   * queries give the same answer, bit for bit, whatever the order in which they were written.
   *
   * @param fingerprint fingerprint of the encoder that made the queries
   * @param queries for {@link Rerank#K_RECIPROCAL} all that are ranked together
   * @param k neighbors wanted, 1 to 1000
   * @param rerank not {@link Rerank#NONE}
   */
  List<List<Neighbor>> searchReranked(
      String collection, String fingerprint, List<Embedding> queries, int k, Rerank rerank);

  /**
   * The nearest images of one, with their attributes.
   *
   * @param fingerprint fingerprint of the encoder that made the query
   * @param filter which may be found; null for all
   */
  FoundImages find(
      String collection, String fingerprint, Embedding query, int k, @Nullable Filter filter);

  /**
   * The nearest images of one of the collection, itself left out.
   *
   * @param filter which may be found; null for all
   */
  FoundImages findById(String collection, String id, int k, @Nullable Filter filter);

  /**
   * A collection.
   *
   * @param name its name
   * @param dimension length of its vectors
   * @param fingerprint fingerprint of the encoder whose vectors it holds; empty if it takes any
   * @param vectors how many it holds
   */
  record Collection(String name, int dimension, String fingerprint, long vectors) {}

  /**
   * An answer.
   *
   * @param id id of the vector
   * @param score similarity, higher is closer
   */
  record Neighbor(String id, float score) {}
}
