package dev.likeness.embedder.batching;

/** A network: tensors in, vectors out. Called by several threads at a time. */
public interface BatchEmbedder extends AutoCloseable {

  /** Floats of one image's tensor. */
  int tensorLength();

  /**
   * @param tensors [count][tensorLength] from index 0 on; the rest of the array is ignored
   * @param count images, from 1 to the batch limit
   * @return [count][dimension], each of unit length
   */
  float[][] embed(float[] tensors, int count);

  /** Frees native memory. Nobody is inside {@link #embed} then. */
  @Override
  void close();
}
