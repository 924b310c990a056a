package dev.likeness.index.search;

import dev.likeness.index.kernel.ScalarKernel;

class ExactIndexOnScalarKernelTest extends VectorIndexContract {
  @Override
  VectorIndex newIndex(int dimension, SearchPool pool, MemoryBudget budget) {
    return new ExactIndex(dimension, new ScalarKernel(), pool, budget);
  }
}
