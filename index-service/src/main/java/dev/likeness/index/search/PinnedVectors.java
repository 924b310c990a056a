package dev.likeness.index.search;

import dev.likeness.index.vector.VectorChange;
import java.util.function.Consumer;

/** All vectors as of one moment; writers go on meanwhile. Close it, or their memory stays. */
public interface PinnedVectors extends AutoCloseable {

  int size();

  /** Calls {@code action} with a copy of every vector, in the order of storing. */
  void forEach(Consumer<VectorChange.Put> action);

  @Override
  void close();
}
