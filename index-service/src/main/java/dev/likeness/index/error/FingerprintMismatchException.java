package dev.likeness.index.error;

/** The vectors come from another encoder than those of the collection. */
public final class FingerprintMismatchException extends IndexException {

  private final String collection;
  private final String expected;
  private final String actual;

  public FingerprintMismatchException(String collection, String expected, String actual) {
    super(
        "the vectors were made by encoder '"
            + actual
            + "', collection '"
            + collection
            + "' holds vectors of encoder '"
            + expected
            + "'; embed with that encoder or create a new collection");
    this.collection = collection;
    this.expected = expected;
    this.actual = actual;
  }

  public String collection() {
    return collection;
  }

  public String expected() {
    return expected;
  }

  public String actual() {
    return actual;
  }
}
