package dev.likeness.encoders.architecture;

/** Gives the values of a network's weights, one at a time. */
public interface WeightValues {

  /**
   * @return row-major, {@link TensorSpec#elementCount} values
   */
  float[] values(TensorSpec weight);
}
