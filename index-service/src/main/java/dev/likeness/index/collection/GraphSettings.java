package dev.likeness.index.collection;

import dev.likeness.index.graph.BuildThreads;
import dev.likeness.index.graph.GraphParameters;

/**
 * How graphs are built.
 *
 * @param threads bounded; one graph is built at a time
 * @param minSegmentRows smaller segments get no graph: scanning them takes less than a millisecond
 * @param autoRows vectors from which on a collection with {@link Engine#AUTO} is searched by graph
 */
public record GraphSettings(
    GraphParameters parameters, BuildThreads threads, int minSegmentRows, long autoRows) {

  public static final int MIN_SEGMENT_ROWS = 20_000;
  public static final long AUTO_ROWS = 200_000;

  public GraphSettings {
    if (minSegmentRows < 1 || autoRows < 1) {
      throw new IllegalArgumentException(
          "minSegmentRows and autoRows must be positive, are %d and %d"
              .formatted(minSegmentRows, autoRows));
    }
  }

  /** The usual ones. */
  public GraphSettings(BuildThreads threads) {
    this(GraphParameters.DEFAULT, threads, MIN_SEGMENT_ROWS, AUTO_ROWS);
  }
}
