package dev.likeness.encoders.runtime;

import java.util.Arrays;

/** A float tensor that a graph takes or gave: shape and values, row-major. */
public final class TensorValue {

  private final long[] shape;
  private final float[] values;

  TensorValue(long[] shape, float[] values) {
    this.shape = shape;
    this.values = values;
  }

  /** The sizes of all axes; shared, read only by agreement. */
  long[] shape() {
    return shape;
  }

  public int rank() {
    return shape.length;
  }

  /** Size of one axis. */
  public int size(int axis) {
    return Math.toIntExact(shape[axis]);
  }

  /** The values; shared, read only by agreement. */
  public float[] values() {
    return values;
  }

  public String shapeText() {
    return Arrays.toString(shape);
  }
}
