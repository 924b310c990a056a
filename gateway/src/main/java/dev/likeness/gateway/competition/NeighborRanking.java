package dev.likeness.gateway.competition;

import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.IndexPeer.Neighbor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Ranks the gallery for queries so that the order depends on the vectors alone.
 *
 * <p>The index computes float32 scores with kernels whose last bits may depend on where a vector
 * lies and on the other queries of the request. So it is asked for more candidates than wanted, and
 * these are scored again here from the stored vectors, in double and in a fixed order of summation;
 * equal scores go by name. The candidates are enough when the last of them lies clearly (more than
 * {@link #INDEX_ERROR} twice) below the k-th, otherwise the index is asked for twice as many.
 *
 * <p>The vectors themselves do not depend on interruptions: the embedder serves an encoder whose
 * vectors depend on the batch image by image.
 */
final class NeighborRanking implements Ranking {

  /** A thousand times float32's rounding of a cosine; far below any difference that matters. */
  static final double INDEX_ERROR = 1e-5;

  /** Candidates beyond k; enough for all but galleries of many equal images. */
  private static final int MARGIN = 16;

  /** Neighbors in one response: about 10 MB with the longest usual file names. */
  private static final int MAX_ANSWERS = 100_000;

  /** Bytes of candidate vectors held at a time. */
  private static final int CHUNK_BYTES = 8 << 20;

  private final IndexPeer index;
  private final Patience patience;
  private final String collection;
  private final String fingerprint;
  private final int size;

  /**
   * @param size vectors in the collection, or more
   */
  NeighborRanking(
      IndexPeer index, Patience patience, String collection, String fingerprint, int size) {
    this.index = index;
    this.patience = patience;
    this.collection = collection;
    this.fingerprint = fingerprint;
    this.size = size;
  }

  @Override
  public boolean needsAllTogether() {
    return false;
  }

  @Override
  public List<List<RankedName>> rank(List<Embedding> queries, int k) throws InterruptedException {
    List<List<String>> candidates = candidates(queries, k);
    List<List<RankedName>> rankings = new ArrayList<>();
    for (List<RankedName> scored : score(queries, candidates)) {
      rankings.add(scored.stream().sorted(RankedName.BEST_FIRST).limit(k).toList());
    }
    return rankings;
  }

  private List<List<String>> candidates(List<Embedding> queries, int k)
      throws InterruptedException {
    Map<Integer, List<String>> clear = new HashMap<>();
    List<Integer> open = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      open.add(i);
    }
    for (int depth = limit(k + MARGIN); !open.isEmpty(); depth = limit(depth * 2)) {
      int wanted = depth;
      List<Integer> unclear = new ArrayList<>();
      for (List<Integer> asked : Chunks.of(open, Math.max(1, MAX_ANSWERS / wanted))) {
        List<Embedding> vectors = asked.stream().map(queries::get).toList();
        List<List<Neighbor>> answers =
            patience.call(() -> index.search(collection, fingerprint, vectors, wanted));
        for (int i = 0; i < answers.size(); i++) {
          List<Neighbor> answer = answers.get(i);
          if (isClear(answer, k, wanted)) {
            clear.put(asked.get(i), answer.stream().map(Neighbor::id).toList());
          } else {
            unclear.add(asked.get(i));
          }
        }
      }
      open = unclear;
    }
    List<List<String>> candidates = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      candidates.add(clear.getOrDefault(i, List.of()));
    }
    return candidates;
  }

  private int limit(int depth) {
    return Math.min(Math.min(depth, Math.max(1, size)), IndexPeer.MAX_NEIGHBORS);
  }

  /** Whether no image outside the answer can belong to the k best. */
  private boolean isClear(List<Neighbor> answer, int k, int asked) {
    return asked == limit(Integer.MAX_VALUE)
        || answer.size() < asked
        || answer.get(k - 1).score() - answer.getLast().score() > 2 * INDEX_ERROR;
  }

  /** The similarities of each query to its candidates, of those that have a vector. */
  List<List<RankedName>> score(List<Embedding> queries, List<List<String>> candidates)
      throws InterruptedException {
    List<List<RankedName>> scored = new ArrayList<>();
    Map<String, List<Integer>> queriesOf = new LinkedHashMap<>();
    for (int query = 0; query < queries.size(); query++) {
      scored.add(new ArrayList<>());
      for (String name : candidates.get(query)) {
        queriesOf.computeIfAbsent(name, _ -> new ArrayList<>()).add(query);
      }
    }
    if (queriesOf.isEmpty()) {
      return scored;
    }
    int chunk =
        Math.clamp(CHUNK_BYTES / (4L * queries.getFirst().dimension()), 1, IndexPeer.MAX_IDS);
    for (List<String> names : Chunks.of(List.copyOf(queriesOf.keySet()), chunk)) {
      patience
          .call(() -> index.vectors(collection, names))
          .forEach(
              (name, vector) -> {
                for (int query : queriesOf.getOrDefault(name, List.of())) {
                  scored
                      .get(query)
                      .add(new RankedName(name, queries.get(query).innerProduct(vector)));
                }
              });
    }
    return scored;
  }
}
