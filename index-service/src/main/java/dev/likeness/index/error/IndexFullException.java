package dev.likeness.index.error;

/** The memory set aside for vectors is used up. */
public final class IndexFullException extends IndexException {

  private final long limitBytes;
  private final long usedBytes;
  private final long requestedBytes;

  public IndexFullException(long limitBytes, long usedBytes, long requestedBytes) {
    super(
        "vectors use "
            + usedBytes
            + " of "
            + limitBytes
            + " bytes and "
            + requestedBytes
            + " more are needed; delete vectors or collections, or raise likeness.index.memory-limit");
    this.limitBytes = limitBytes;
    this.usedBytes = usedBytes;
    this.requestedBytes = requestedBytes;
  }

  public long limitBytes() {
    return limitBytes;
  }

  public long usedBytes() {
    return usedBytes;
  }

  public long requestedBytes() {
    return requestedBytes;
  }
}
