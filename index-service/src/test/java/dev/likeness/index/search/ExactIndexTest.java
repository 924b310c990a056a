package dev.likeness.index.search;

import dev.likeness.index.kernel.SimdKernel;

class ExactIndexTest extends VectorIndexContract {
  @Override
  VectorIndex newIndex(int dimension, SearchPool pool, MemoryBudget budget) {
    return new ExactIndex(dimension, new SimdKernel(), pool, budget);
  }
}
