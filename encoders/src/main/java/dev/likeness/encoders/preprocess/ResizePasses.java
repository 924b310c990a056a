package dev.likeness.encoders.preprocess;

import dev.likeness.encoders.image.RgbImage;

/**
 * The two passes of a resize. Both kinds answer the same bytes: a sum of products in 32-bit
 * integers does not depend on the order, and wraps around in the same way. Immutable.
 */
sealed interface ResizePasses permits ScalarPasses, VectorPasses {

  int HALF = 1 << (ResizeCoefficients.PRECISION_BITS - 1);

  /** The quickest that this JVM offers. */
  static ResizePasses best() {
    boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return present && VectorPasses.worthwhile() ? new VectorPasses() : new ScalarPasses();
  }

  /**
   * @param endRow one past the last row to be resized
   * @return RGB bytes [endRow - firstRow][outputs][3]
   */
  byte[] horizontal(RgbImage image, ResizeCoefficients columns, int firstRow, int endRow);

  /**
   * @param in RGB bytes [rows][width][3]
   * @param firstRow number of the first row in {@code in}
   * @return RGB bytes [outputs][width][3]
   */
  byte[] vertical(byte[] in, int width, ResizeCoefficients rows, int firstRow);
}
