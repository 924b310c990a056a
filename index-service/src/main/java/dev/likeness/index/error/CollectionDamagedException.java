package dev.likeness.index.error;

/** The files of a collection fail their checksums: acknowledged data cannot be read. */
public final class CollectionDamagedException extends IndexException {

  private final String name;
  private final String reason;

  public CollectionDamagedException(String name, String reason) {
    super(
        "collection '"
            + name
            + "' is damaged and not served: "
            + reason
            + "; restore it from a snapshot under another name, or delete it");
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
