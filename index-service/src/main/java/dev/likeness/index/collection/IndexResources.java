package dev.likeness.index.collection;

import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.search.ExactIndex;
import dev.likeness.index.search.MemoryBudget;
import dev.likeness.index.search.SealableIndex;
import dev.likeness.index.search.SearchPool;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.storage.GroupCommit;
import java.time.Clock;

/** What all collections share. */
public record IndexResources(
    VectorKernel kernel,
    SearchPool pool,
    MemoryBudget memory,
    FileOperations files,
    GroupCommit.ForceListener forces,
    Clock clock,
    StorageSettings storage,
    GraphSettings graphs) {

  SealableIndex newIndex(int dimension) {
    return new ExactIndex(dimension, kernel, pool, memory);
  }
}
