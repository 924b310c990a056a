package dev.likeness.index.search;

import dev.likeness.index.kernel.SequentialScores;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Offers rows to a list by their true scores, four at a time. Owned by one thread.
 *
 * @see SequentialScores
 */
final class Rescoring {

  private static final int GROUP = 4;

  private final RowSnapshot rows;
  private final float[] query;
  private final TopK best;
  private final MemorySegment[] segments = new MemorySegment[GROUP];
  private final long[] offsets = new long[GROUP];
  private final int[] ordinals = new int[GROUP];
  private final float[] scores = new float[GROUP];
  private int waiting;
  private int count;

  /**
   * @param query float32 [dimension]
   */
  Rescoring(RowSnapshot rows, float[] query, TopK best) {
    this.rows = rows;
    this.query = query;
    this.best = best;
  }

  /**
   * Adds rows by their upper bounds, the highest first, until the list is full of better ones.
   *
   * @param candidates will be sorted
   */
  void addBestOf(CodeCandidates candidates) {
    candidates.sortBestFirst();
    for (int i = 0; i < candidates.count() && candidates.upperBound(i) >= best.threshold(); i++) {
      add(candidates.ordinal(i));
    }
  }

  void add(int ordinal) {
    int chunk = rows.chunkOf(ordinal);
    segments[waiting] = rows.chunk(chunk).rows();
    offsets[waiting] = rows.chunk(chunk).offset(ordinal - rows.start(chunk));
    ordinals[waiting++] = ordinal;
    count++;
    if (waiting == GROUP) {
      SequentialScores.scoreFour(query, segments, offsets, scores);
      for (int i = 0; i < GROUP; i++) {
        best.offer(ordinals[i], scores[i]);
      }
      waiting = 0;
    }
  }

  /** Scores what is still waiting; answers how many rows were added in all. */
  int finish() {
    for (int i = 0; i < waiting; i++) {
      best.offer(ordinals[i], SequentialScores.score(query, segments[i], offsets[i]));
    }
    waiting = 0;
    Arrays.fill(segments, MemorySegment.NULL);
    return count;
  }
}
