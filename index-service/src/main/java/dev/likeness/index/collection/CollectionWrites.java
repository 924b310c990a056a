package dev.likeness.index.collection;

import dev.likeness.index.error.CollectionNotFoundException;
import dev.likeness.index.search.VectorIndex;
import dev.likeness.index.storage.GroupCommit;
import dev.likeness.index.storage.VectorLog;
import dev.likeness.index.vector.VectorChange;
import java.util.List;
import java.util.function.Supplier;

/** The way of all changes: through the log, then into the index. */
final class CollectionWrites implements GroupCommit.Target {
  private final CollectionName name;
  private final VectorLog log;
  private final VectorIndex index;
  private final GroupCommit commits;
  private boolean closed; // guarded by the lock of commits

  CollectionWrites(
      CollectionName name, VectorLog log, VectorIndex index, GroupCommit.ForceListener forces) {
    this.name = name;
    this.log = log;
    this.index = index;
    this.commits = new GroupCommit(log, this, forces);
  }

  GroupCommit.Committed commit(List<VectorChange> changes) {
    return commits.commit(changes);
  }

  <T> T whileQuiet(Supplier<T> action) {
    return commits.whileQuiet(
        () -> {
          requireOpen();
          return action.get();
        });
  }

  @Override
  public void reserve(int puts) {
    requireOpen();
    index.reserve(puts);
  }

  @Override
  public int publish(List<VectorChange> batch) {
    return index.apply(batch);
  }

  void close() {
    commits.whileQuiet(
        () -> {
          if (!closed) {
            closed = true;
            index.close();
            log.closeQuietly();
          }
          return closed;
        });
  }

  private void requireOpen() {
    if (closed) {
      throw new CollectionNotFoundException(name.value());
    }
  }
}
