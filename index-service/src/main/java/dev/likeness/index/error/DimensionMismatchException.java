package dev.likeness.index.error;

/** A vector or query has another length than the collection. */
public final class DimensionMismatchException extends IndexException {

  private final String collection;
  private final int expected;
  private final int actual;

  public DimensionMismatchException(String collection, int expected, int actual) {
    super("vector has " + actual + " values, collection '" + collection + "' expects " + expected);
    this.collection = collection;
    this.expected = expected;
    this.actual = actual;
  }

  public String collection() {
    return collection;
  }

  public int expected() {
    return expected;
  }

  public int actual() {
    return actual;
  }
}
