package dev.likeness.index.search;

/** Multiplies codes whenever there are any, however few rows and queries there are. */
class ExactIndexByProductTest extends VectorIndexContract {
  @Override
  VectorIndex newIndex(int dimension, SearchPool pool, MemoryBudget budget) {
    return new ExactIndex(dimension, Products.with(Products.ONNX), pool, budget, Products.ALWAYS);
  }
}
