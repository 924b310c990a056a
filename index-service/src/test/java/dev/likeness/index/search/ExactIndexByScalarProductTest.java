package dev.likeness.index.search;

import dev.likeness.index.kernel.ScalarProduct;

/** The same by the reference of the product. */
class ExactIndexByScalarProductTest extends VectorIndexContract {
  @Override
  VectorIndex newIndex(int dimension, SearchPool pool, MemoryBudget budget) {
    return new ExactIndex(
        dimension, Products.with(new ScalarProduct()), pool, budget, Products.ALWAYS);
  }
}
