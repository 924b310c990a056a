package dev.likeness.index.error;

/** The files of a snapshot fail their checksums. */
public final class SnapshotDamagedException extends IndexException {

  private final String name;
  private final String reason;

  public SnapshotDamagedException(String name, String reason) {
    super("snapshot '" + name + "' is damaged: " + reason + "; nothing was restored");
    this.name = name;
    this.reason = reason;
  }

  public String name() {
    return name;
  }

  public String reason() {
    return reason;
  }
}
