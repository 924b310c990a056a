package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The contract's arithmetic for single rows, wherever they lie: bit for bit what {@link
 * VectorKernel#scoreTile} answers. Four rows go through the loop together, since each waits for its
 * own last sum.
 */
public final class SequentialScores {

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private SequentialScores() {}

  /**
   * @param query float32 [dimension]
   * @param offset bytes from the start of {@code rows} to the row
   */
  public static float score(float[] query, MemorySegment rows, long offset) {
    float score = 0;
    for (int i = 0; i < query.length; i++) {
      score = Math.fma(query[i], rows.get(FLOAT, offset + (long) i * Float.BYTES), score);
    }
    return score;
  }

  /**
   * @param rows the memory of each of four rows
   * @param offsets bytes to each row
   * @param scores receives four scores
   */
  public static void scoreFour(
      float[] query, MemorySegment[] rows, long[] offsets, float[] scores) {
    MemorySegment rows0 = rows[0];
    MemorySegment rows1 = rows[1];
    MemorySegment rows2 = rows[2];
    MemorySegment rows3 = rows[3];
    long offset0 = offsets[0];
    long offset1 = offsets[1];
    long offset2 = offsets[2];
    long offset3 = offsets[3];
    float score0 = 0;
    float score1 = 0;
    float score2 = 0;
    float score3 = 0;
    for (int i = 0; i < query.length; i++) {
      long at = (long) i * Float.BYTES;
      float value = query[i];
      score0 = Math.fma(value, rows0.get(FLOAT, offset0 + at), score0);
      score1 = Math.fma(value, rows1.get(FLOAT, offset1 + at), score1);
      score2 = Math.fma(value, rows2.get(FLOAT, offset2 + at), score2);
      score3 = Math.fma(value, rows3.get(FLOAT, offset3 + at), score3);
    }
    scores[0] = score0;
    scores[1] = score1;
    scores[2] = score2;
    scores[3] = score3;
  }
}
