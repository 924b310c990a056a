package dev.likeness.index.error;

/** More searches wait than the queue may hold. */
public final class SearchQueueFullException extends IndexException {

  private final int queueCapacity;

  public SearchQueueFullException(int queueCapacity) {
    super(
        "all "
            + queueCapacity
            + " places of the search queue are taken; try again shortly or raise likeness.index.search.queue-capacity");
    this.queueCapacity = queueCapacity;
  }

  public int queueCapacity() {
    return queueCapacity;
  }
}
