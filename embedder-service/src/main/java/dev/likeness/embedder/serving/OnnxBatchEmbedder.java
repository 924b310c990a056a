package dev.likeness.embedder.serving;

import dev.likeness.embedder.batching.BatchEmbedder;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;

/** ONNX Runtime behind the batcher. */
record OnnxBatchEmbedder(OnnxImageEmbedder network) implements BatchEmbedder {

  @Override
  public int tensorLength() {
    return network.tensorLength();
  }

  @Override
  public float[][] embed(float[] tensors, int count) {
    return network.embed(tensors, count);
  }

  @Override
  public void close() {
    network.close();
  }
}
