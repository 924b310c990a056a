package dev.likeness.training.finetune;

/** A batch as the trained part of a network takes it. */
final class LabelledValues {

  /** The tensor of the network that the values go into. */
  final String tensor;

  /** Pixels [batch][3][side][side] or pooled features [batch][dimension], one after the other. */
  final float[] values;

  /** Of the values, the batch first. */
  final long[] shape;

  /** Class of each image. */
  final long[] labels;

  LabelledValues(String tensor, float[] values, long[] shape, long[] labels) {
    this.tensor = tensor;
    this.values = values;
    this.shape = shape;
    this.labels = labels;
  }
}
