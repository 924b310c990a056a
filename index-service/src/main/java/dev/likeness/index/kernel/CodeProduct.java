package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Products of many rows of codes with many queries at once, in integers, which are the same from
 * every implementation. Safe for any thread; what it hands out belongs to one thread at a time.
 */
public interface CodeProduct {

  /** Queries of a panel come in multiples of this. */
  int LANE_STEP = 16;

  /** Rows come in multiples of this. */
  int ROW_STEP = 64;

  /** What is added to a code of -127 to 127, so that rows are without sign. */
  int OFFSET = 128;

  /** Short name for the log. */
  String name();

  /**
   * Queries that rows are multiplied with; several threads may do so at once.
   *
   * @param codes int8 {@code [stride][lanes]} of -127 to 127, off the heap; not to be changed
   *     before the panel is closed
   * @param lanes a multiple of {@value #LANE_STEP}
   */
  Panel panel(MemorySegment codes, int stride, int lanes);

  /**
   * A place where one thread multiplies; to be closed.
   *
   * @param rows a multiple of {@value #ROW_STEP}
   * @param lanes of every panel that it will be used with
   */
  Workspace workspace(int rows, int stride, int lanes);

  /** Queries side by side. */
  interface Panel extends AutoCloseable {
    @Override
    void close();
  }

  /** Rows and their products. */
  interface Workspace extends AutoCloseable {

    /** Where the caller puts rows: uint8 {@code [rows][stride]}, codes plus {@link #OFFSET}. */
    MemorySegment rows();

    /** The products of the last call: int32 {@code [rows][lanes]}, native order. */
    MemorySegment sums();

    /**
     * Multiplies the first rows with all queries of a panel.
     *
     * @param rowCount a multiple of {@value #ROW_STEP}, at most all
     */
    void multiply(Panel panel, int rowCount);

    @Override
    void close();
  }
}
