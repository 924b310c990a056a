package dev.likeness.embedder.batching;

import dev.likeness.embedder.failure.ImageRejectedException;
import dev.likeness.embedder.failure.ImageRejectedException.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * The embedding of an image is its first byte. An image without bytes is rejected; byte 13 makes
 * the whole batch fail, byte 14 gives NaN.
 */
public final class FirstByteEmbedder implements BatchEmbedder, ImagePreparer {

  public final List<Integer> batchSizes = new ArrayList<>();
  public boolean closed;

  @Override
  public void prepare(byte[] image, float[] tensor) {
    if (image.length == 0) {
      throw new ImageRejectedException(Reason.EMPTY, "the image has no bytes");
    }
    tensor[0] = image[0];
    tensor[1] = -image[0];
  }

  @Override
  public int tensorLength() {
    return 2;
  }

  @Override
  public float[][] embed(float[] tensors, int count) {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    batchSizes.add(count);
    float[][] vectors = new float[count][];
    for (int i = 0; i < count; i++) {
      if (tensors[2 * i] == 13) {
        throw new IllegalStateException("thirteen");
      }
      vectors[i] = new float[] {tensors[2 * i] == 14 ? Float.NaN : tensors[2 * i]};
    }
    return vectors;
  }

  @Override
  public void close() {
    closed = true;
  }
}
