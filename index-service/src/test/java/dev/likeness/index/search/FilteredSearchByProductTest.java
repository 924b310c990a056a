package dev.likeness.index.search;

class FilteredSearchByProductTest extends FilteredSearchTest {
  @Override
  ExactIndex newIndex(int dimension, SearchPool pool, MemoryBudget budget) {
    return new ExactIndex(dimension, Products.with(Products.ONNX), pool, budget, Products.ALWAYS);
  }
}
