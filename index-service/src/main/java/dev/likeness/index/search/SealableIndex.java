package dev.likeness.index.search;

import dev.likeness.index.vector.VectorChange;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * An index whose rows move, while it is searched and written, from memory of its own to files that
 * are mapped. What can be found never changes by it.
 *
 * <p>{@link #freeze} and {@link #apply} are called by one thread at a time; {@link #freezeSealed}
 * and {@link #replace} by one thread at a time, while others may write.
 */
public interface SealableIndex extends VectorIndex {

  /**
   * Writes the vectors of a batch to where {@link #apply} will show them, unseen until then. What
   * takes long about a batch can so be done while it becomes durable. All batches that are staged
   * are applied next, in the same order, unless {@link #unstage} forgets them. Called by one thread
   * at a time, as {@link #apply} is.
   */
  void stage(List<VectorChange> batch);

  /** Forgets what was staged and not applied. */
  void unstage();

  /** Adds rows before the first are written; the index closes them from here on. */
  void attach(SealedRows sealed, BitSet deleted);

  /**
   * Reads attached rows and prepares what makes searching them quicker. Called by the thread that
   * calls {@link #replace}; what that brings is prepared by it.
   */
  void encode(SealedRows sealed);

  /** Everything that is not sealed. Rows written later are kept apart from them. */
  FrozenRows freeze();

  /** What is left of some sealed rows. */
  FrozenRows freezeSealed(List<SealedRows> sealed);

  /**
   * Puts sealed rows in the place of those they were made of. What was deleted since stays deleted.
   *
   * @param frozen by this index, each once
   * @param by the same rows in the same order, or null if there were none
   */
  void replace(FrozenRows frozen, @Nullable SealedRows by);

  /** The sealed rows of now, and how many of each are deleted. */
  List<SealedState> sealed();

  /**
   * The codes of sealed rows, for as long as they are held; empty where there are none, or the rows
   * are gone.
   */
  Optional<HeldCodes> holdCodes(SealedRows sealed);

  /** False until {@link #attach(SealedRows, SealedGraph)} gave these rows a graph. */
  boolean hasGraph(SealedRows sealed);

  /**
   * Gives sealed rows a graph, by which they are searched where graphs are used.
   *
   * @return false if the rows are gone; the graph is left to the caller then
   */
  boolean attach(SealedRows sealed, SealedGraph graph);

  /**
   * How much of the true answer is enough, from the next search on.
   *
   * @param recall at least this share of the true neighbors; empty for the exact answer
   */
  void useGraphs(OptionalDouble recall);

  /** What searches by graph are worth now; empty if all are exact. */
  Optional<GraphUse> graphUse();

  /**
   * @param recall neighborRecallAtK for k = 10 as measured when the graphs were built, rows that
   *     are searched exactly counted as found
   * @param rowCount rows that are searched by graph
   */
  record GraphUse(double recall, long rowCount) {}

  record SealedState(SealedRows rows, int deletedCount) {}
}
