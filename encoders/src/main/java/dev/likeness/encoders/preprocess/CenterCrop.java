package dev.likeness.encoders.preprocess;

/**
 * The size an image is resized to and the square that is kept of it.
 *
 * @param resizedWidth pixels after the resize
 * @param resizedHeight pixels after the resize
 * @param left first column kept
 * @param top first row kept
 * @param size side of the square
 */
public record CenterCrop(int resizedWidth, int resizedHeight, int left, int top, int size) {

  /**
   * @param width pixels of the source
   * @param height pixels of the source
   */
  public static CenterCrop of(PreprocessSpec spec, int width, int height) {
    int shorter = spec.resizeShorterSide();
    long longer = (long) shorter * Math.max(width, height) / Math.min(width, height);
    int longerSide = Math.toIntExact(longer);
    int resizedWidth = width <= height ? shorter : longerSide;
    int resizedHeight = width <= height ? longerSide : shorter;
    return new CenterCrop(
        resizedWidth,
        resizedHeight,
        spec.cropOffset().of(resizedWidth, spec.cropSize()),
        spec.cropOffset().of(resizedHeight, spec.cropSize()),
        spec.cropSize());
  }
}
