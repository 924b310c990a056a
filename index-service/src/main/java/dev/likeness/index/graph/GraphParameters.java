package dev.likeness.index.graph;

/**
 * What a graph is built like.
 *
 * @param links per node of the upper layers; twice as many in the lowest one. 4 to 128
 * @param beamWidth candidates that are looked at for the links of a new node ("efConstruction"); at
 *     least {@code links}
 */
public record GraphParameters(int links, int beamWidth) {

  /** Of the usual settings those that keep recall 0.99 within reach at a million rows. */
  public static final GraphParameters DEFAULT = new GraphParameters(32, 100);

  public GraphParameters {
    if (links < 4 || links > 128) {
      throw new IllegalArgumentException("links must be 4 to 128, is " + links);
    }
    if (beamWidth < links || beamWidth > 10_000) {
      throw new IllegalArgumentException(
          "beamWidth must be %d to 10000, is %d".formatted(links, beamWidth));
    }
  }

  /** Links of a node in the lowest layer at most. */
  int baseLinks() {
    return 2 * links;
  }
}
