package dev.likeness.index.error;

/** The caller went away, or its deadline passed, before the search ended. */
public final class SearchAbandonedException extends IndexException {

  private final long visitedCount;

  public SearchAbandonedException(long visitedCount) {
    super(
        "the search was given up after "
            + visitedCount
            + " scores because its deadline passed or its caller left; allow more time or send fewer queries");
    this.visitedCount = visitedCount;
  }

  public long visitedCount() {
    return visitedCount;
  }
}
