package dev.likeness.encoders.architecture;

/**
 * How an image is cut into patches.
 *
 * @param side of a patch in pixels
 * @param rows of patches
 * @param columns of patches
 */
record PatchGrid(int side, int rows, int columns) {

  /**
   * @throws IllegalArgumentException if the size is no multiple of the patch
   */
  static PatchGrid of(InputSize size, int side) {
    if (size.height() % side != 0 || size.width() % side != 0) {
      throw new IllegalArgumentException(
          "this network cuts images into patches of %d pixels; %d x %d is no multiple of it"
              .formatted(side, size.height(), size.width()));
    }
    return new PatchGrid(side, size.height() / side, size.width() / side);
  }

  int patches() {
    return rows * columns;
  }

  /** Patches and the class token. */
  int tokens() {
    return patches() + 1;
  }
}
