package dev.likeness.encoders.jpeg;

import java.util.List;

/**
 * What a file says before its only scan.
 *
 * @param width pixels
 * @param height pixels
 * @param components gray; or luminance, blue and red difference
 * @param restartInterval units of the scan between two restarts, 0 for none
 * @param scanStart where the entropy-coded bytes begin
 */
record Frame(
    int width, int height, List<Component> components, int restartInterval, int scanStart) {

  static final int BLOCK = 8;

  Frame {
    components = List.copyOf(components);
  }

  /** Whether the differences have half the columns of the luminance. */
  boolean halfWidth() {
    return components.getFirst().horizontal() == 2;
  }

  /** Whether the differences have half the rows of the luminance. */
  boolean halfHeight() {
    return components.getFirst().vertical() == 2;
  }

  /** Units of the scan in a row. */
  int unitColumns() {
    return Math.ceilDiv(width, BLOCK * components.getFirst().horizontal());
  }

  int unitRows() {
    return Math.ceilDiv(height, BLOCK * components.getFirst().vertical());
  }

  /** Blocks of the whole picture; each takes two bits at least. */
  long blocks() {
    int perUnit = components.stream().mapToInt(Component::blocks).sum();
    return (long) unitColumns() * unitRows() * perUnit;
  }
}
