package dev.likeness.encoders.preprocess;

import dev.likeness.encoders.image.RgbImage;

/**
 * Pillow's resize, bit for bit: a horizontal pass, then a vertical one, each in integer arithmetic
 * and rounded to 8 bits; a pass that changes no size is skipped. Each output pixel depends on its
 * own inputs only, so that a part of the result can be computed alone and is the same.
 */
public final class PillowResize {

  private static final ResizePasses PASSES = ResizePasses.best();

  private PillowResize() {}

  /** The whole image at the given size. */
  public static RgbImage resize(RgbImage image, int width, int height, ResizeFilter filter) {
    return resize(image, width, height, filter, 0, 0, width, height);
  }

  /** The square a crop keeps of the resized image; the rest is never computed. */
  public static RgbImage resize(RgbImage image, CenterCrop crop, ResizeFilter filter) {
    return resize(
        image,
        crop.resizedWidth(),
        crop.resizedHeight(),
        filter,
        crop.left(),
        crop.top(),
        crop.size(),
        crop.size());
  }

  private static RgbImage resize(
      RgbImage image,
      int resizedWidth,
      int resizedHeight,
      ResizeFilter filter,
      int left,
      int top,
      int width,
      int height) {
    boolean vertical = resizedHeight != image.height();
    ResizeCoefficients rows =
        vertical ? ResizeCoefficients.of(filter, image.height(), resizedHeight, top, height) : null;
    int firstRow = rows == null ? top : rows.inputBegin();
    int endRow = rows == null ? top + height : rows.inputEnd();
    byte[] narrowed;
    if (resizedWidth == image.width()) {
      narrowed = columns(image, left, width, firstRow, endRow);
    } else {
      ResizeCoefficients columns =
          ResizeCoefficients.of(filter, image.width(), resizedWidth, left, width);
      narrowed = PASSES.horizontal(image, columns, firstRow, endRow);
    }
    byte[] rgb = rows == null ? narrowed : PASSES.vertical(narrowed, width, rows, firstRow);
    return new RgbImage(width, height, rgb);
  }

  private static byte[] columns(RgbImage image, int left, int width, int firstRow, int endRow) {
    byte[] kept = new byte[(endRow - firstRow) * width * 3];
    for (int y = firstRow; y < endRow; y++) {
      System.arraycopy(
          image.rgb(), (y * image.width() + left) * 3, kept, (y - firstRow) * width * 3, width * 3);
    }
    return kept;
  }
}
