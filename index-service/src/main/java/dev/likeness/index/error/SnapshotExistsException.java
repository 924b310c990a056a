package dev.likeness.index.error;

/** The name of the new snapshot is taken. */
public final class SnapshotExistsException extends IndexException {

  private final String name;

  public SnapshotExistsException(String name) {
    super("a snapshot named '" + name + "' exists; choose another name");
    this.name = name;
  }

  public String name() {
    return name;
  }
}
