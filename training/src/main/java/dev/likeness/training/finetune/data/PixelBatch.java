package dev.likeness.training.finetune.data;

/** Views of several images, behind one another. */
public final class PixelBatch {

  private final float[] pixels;
  private final int[] ordinals;

  PixelBatch(float[] pixels, int[] ordinals) {
    this.pixels = pixels;
    this.ordinals = ordinals;
  }

  /** [size][3][side][side]; shared, read only by agreement. */
  public float[] pixels() {
    return pixels;
  }

  public int size() {
    return ordinals.length;
  }

  /** Which image each is. */
  public int ordinal(int place) {
    return ordinals[place];
  }
}
