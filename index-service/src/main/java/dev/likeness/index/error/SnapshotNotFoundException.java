package dev.likeness.index.error;

/** No snapshot has this name. */
public final class SnapshotNotFoundException extends IndexException {

  private final String name;

  public SnapshotNotFoundException(String name) {
    super("no snapshot is named '" + name + "'");
    this.name = name;
  }

  public String name() {
    return name;
  }
}
