package dev.likeness.training.finetune.network;

import dev.likeness.encoders.projection.LinearProjection;
import dev.likeness.encoders.projection.PcaWhitening;
import java.util.SplittableRandom;

/**
 * What the head's layer computes before it is trained: the training images' principal directions,
 * partly whitened, so that the first epoch starts from vectors that retrieve better than the
 * backbone's own. Rows beyond what the images span are small and random.
 */
public final class ProjectionStart {

  private static final float SPARE = 0.01f;

  /** Of fewer images nothing is known about directions; random ones keep angles roughly. */
  private static final int FEWEST_IMAGES = 8;

  private final float[] weight;
  private final float[] bias;

  private ProjectionStart(float[] weight, float[] bias) {
    this.weight = weight;
    this.bias = bias;
  }

  /** [output][input], row by row; shared, read only by agreement. */
  public float[] weight() {
    return weight;
  }

  /** Shared, read only by agreement. */
  public float[] bias() {
    return bias;
  }

  /**
   * @param vectors of the training images, each of length 1
   * @param dimension of the result
   * @param shrinkage see {@link PcaWhitening#fit}
   */
  public static ProjectionStart fit(
      float[][] vectors, int dimension, double shrinkage, SplittableRandom random) {
    int in = vectors[0].length;
    float[] weight = new float[dimension * in];
    if (vectors.length < FEWEST_IMAGES) {
      for (int i = 0; i < weight.length; i++) {
        weight[i] = (float) (random.nextGaussian() / Math.sqrt(in));
      }
      return new ProjectionStart(weight, new float[dimension]);
    }
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) (SPARE * random.nextGaussian() / Math.sqrt(in));
    }
    float[] bias = new float[dimension];
    int spanned = Math.min(dimension, Math.min(vectors.length - 1, in));
    LinearProjection fitted = PcaWhitening.fit(vectors, spanned, shrinkage);
    for (int out = 0; out < spanned; out++) {
      double offset = 0;
      for (int i = 0; i < in; i++) {
        weight[out * in + i] = fitted.weight(i, out);
        offset -= (double) fitted.mean(i) * fitted.weight(i, out);
      }
      bias[out] = (float) offset;
    }
    return new ProjectionStart(weight, bias);
  }
}
