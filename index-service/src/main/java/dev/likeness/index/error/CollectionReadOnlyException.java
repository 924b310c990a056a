package dev.likeness.index.error;

/** An earlier disk failure left the log in an unknown state, so the collection takes no writes. */
public final class CollectionReadOnlyException extends IndexException {

  private final String name;
  private final String reason;

  public CollectionReadOnlyException(String name, String reason) {
    super(
        "collection '"
            + name
            + "' is read-only: "
            + reason
            + "; repair the disk and restart the index service");
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
