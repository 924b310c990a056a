package dev.likeness.index.collection;

import dev.likeness.index.error.CollectionNotFoundException;
import dev.likeness.index.search.SealableIndex;
import dev.likeness.index.storage.GroupCommit;
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.storage.VectorLog;
import dev.likeness.index.vector.VectorChange;
import java.util.List;
import java.util.function.Supplier;

/** The way of all changes: through the log, then into the index, and in time into a segment. */
final class CollectionWrites implements GroupCommit.Target {
  private final CollectionName name;
  private final VectorLog log;
  private final SealableIndex index;
  private final GroupCommit commits;
  private final Upkeep upkeep;
  private final GraphUpkeep graphs;
  private boolean closed; // guarded by the lock of commits

  CollectionWrites(
      CollectionName name,
      SegmentStore store,
      VectorLog log,
      SealableIndex index,
      IndexResources resources,
      EngineChoice engine) {
    this.name = name;
    this.log = log;
    this.index = index;
    this.commits = new GroupCommit(log, this, resources.forces());
    this.graphs = new GraphUpkeep(name, store.directory(), index, resources, engine);
    this.upkeep = new Upkeep(name, store, index, log, commits, resources.storage(), graphs::wake);
  }

  Upkeep upkeep() {
    return upkeep;
  }

  GraphUpkeep graphs() {
    return graphs;
  }

  GroupCommit.Committed commit(List<VectorChange> changes) {
    upkeep.awaitRoom();
    GroupCommit.Committed committed = commits.commit(changes);
    upkeep.afterWrite();
    return committed;
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
  public void stage(List<VectorChange> batch) {
    index.stage(batch);
  }

  @Override
  public void unstage() {
    index.unstage();
  }

  @Override
  public int publish(List<VectorChange> batch) {
    return index.apply(batch);
  }

  void close() {
    graphs.stop();
    upkeep.stop();
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
