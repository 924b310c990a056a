package dev.likeness.index.search;

import dev.likeness.index.vector.VectorId;
import java.util.Arrays;
import java.util.List;

/**
 * The k best rows seen so far for one query: a binary heap with the worst on top. Better is a
 * higher score, and for equal scores the smaller id, so the outcome does not depend on the order of
 * offering. Owned by one thread.
 */
final class TopK {

  private final RowSnapshot rows;
  private final int k;
  private float[] scores;
  private int[] ordinals;
  private int size;

  TopK(RowSnapshot rows, int k) {
    this.rows = rows;
    this.k = k;
    int initial = Math.min(k, 16);
    scores = new float[initial];
    ordinals = new int[initial];
  }

  /** No row below this score can enter; equal ones may, by their id. */
  float threshold() {
    return size < k ? Float.NEGATIVE_INFINITY : scores[0];
  }

  void offer(int ordinal, float score) {
    if (size < k) {
      add(ordinal, score);
    } else if (isWorse(ordinals[0], scores[0], ordinal, score)) {
      ordinals[0] = ordinal;
      scores[0] = score;
      siftDown();
    }
  }

  void offerAll(TopK other) {
    for (int i = 0; i < other.size; i++) {
      offer(other.ordinals[i], other.scores[i]);
    }
  }

  /** Takes all rows out, best first. */
  List<Neighbor> removeBestFirst() {
    Neighbor[] ordered = new Neighbor[size];
    for (int at = ordered.length - 1; at >= 0; at--) {
      float score = scores[0];
      int ordinal = removeWorst();
      int chunk = rows.chunkOf(ordinal);
      int row = ordinal - rows.start(chunk);
      ordered[at] = new Neighbor(rows.chunk(chunk).id(row), score, rows.chunk(chunk).payload(row));
    }
    return List.of(ordered);
  }

  private int removeWorst() {
    int worst = ordinals[0];
    size--;
    ordinals[0] = ordinals[size];
    scores[0] = scores[size];
    siftDown();
    return worst;
  }

  private void add(int ordinal, float score) {
    if (size == scores.length) {
      int larger = Math.min(k, 2 * size);
      scores = Arrays.copyOf(scores, larger);
      ordinals = Arrays.copyOf(ordinals, larger);
    }
    int at = size++;
    while (at > 0 && isWorse(ordinal, score, ordinals[(at - 1) / 2], scores[(at - 1) / 2])) {
      ordinals[at] = ordinals[(at - 1) / 2];
      scores[at] = scores[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    ordinals[at] = ordinal;
    scores[at] = score;
  }

  private void siftDown() {
    int ordinal = ordinals[0];
    float score = scores[0];
    int at = 0;
    for (int child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size
          && isWorse(ordinals[child + 1], scores[child + 1], ordinals[child], scores[child])) {
        child++;
      }
      if (!isWorse(ordinals[child], scores[child], ordinal, score)) {
        break;
      }
      ordinals[at] = ordinals[child];
      scores[at] = scores[child];
      at = child;
    }
    ordinals[at] = ordinal;
    scores[at] = score;
  }

  private boolean isWorse(int ordinalA, float scoreA, int ordinalB, float scoreB) {
    if (scoreA != scoreB) {
      return scoreA < scoreB;
    }
    VectorId a = rows.id(ordinalA);
    return a.compareTo(rows.id(ordinalB)) > 0;
  }
}
