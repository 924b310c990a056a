package dev.likeness.gateway.peer;

import java.util.Arrays;
import java.util.List;

/** A vector of one image, as the embedder made it or the index keeps it. Immutable. */
public final class Embedding {

  private final float[] values;

  private Embedding(float[] values) {
    this.values = values;
  }

  /** Copies the values. */
  public static Embedding of(float... values) {
    return new Embedding(values.clone());
  }

  /** Copies the values. */
  public static Embedding of(List<Float> values) {
    float[] copy = new float[values.size()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values.get(i);
    }
    return new Embedding(copy);
  }

  /** The values of several one behind another. */
  public static Embedding join(List<Embedding> parts) {
    float[] joined = new float[parts.stream().mapToInt(Embedding::dimension).sum()];
    int offset = 0;
    for (Embedding part : parts) {
      System.arraycopy(part.values, 0, joined, offset, part.values.length);
      offset += part.values.length;
    }
    return new Embedding(joined);
  }

  /** Some of the values: {@code length} of them from {@code offset} on. */
  public Embedding part(int offset, int length) {
    return new Embedding(Arrays.copyOfRange(values, offset, offset + length));
  }

  /** Number of values. */
  public int dimension() {
    return values.length;
  }

  /** The value at a position from 0. */
  public float get(int position) {
    return values[position];
  }

  /** A copy of the values. */
  public float[] toArray() {
    return values.clone();
  }

  /**
   * The inner product, summed in double from the first value to the last: the same bits on every
   * machine and in every batch.
   */
  public double innerProduct(Embedding other) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += (double) values[i] * other.values[i];
    }
    return sum;
  }
}
