package dev.likeness.index.search;

import dev.likeness.index.kernel.SimdKernel;

/** Scans codes before values whenever there are codes, however few rows there are. */
class ExactIndexByCodesTest extends VectorIndexContract {
  @Override
  VectorIndex newIndex(int dimension, SearchPool pool, MemoryBudget budget) {
    ScanPolicy always = new ScanPolicy(Integer.MAX_VALUE, 0, 1);
    return new ExactIndex(dimension, new SimdKernel(), pool, budget, always);
  }
}
