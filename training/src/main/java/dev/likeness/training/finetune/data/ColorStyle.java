package dev.likeness.training.finetune.data;

/** Mean and deviation of an image's red, green and blue, in 0 to 255. */
final class ColorStyle {

  private final float[] means;
  private final float[] deviations;

  ColorStyle(float[] means, float[] deviations) {
    this.means = means.clone();
    this.deviations = deviations.clone();
  }

  float mean(int plane) {
    return means[plane];
  }

  float deviation(int plane) {
    return deviations[plane];
  }
}
