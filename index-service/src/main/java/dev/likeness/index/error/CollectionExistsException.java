package dev.likeness.index.error;

/** The name is taken by a collection with other settings, or by an alias. */
public final class CollectionExistsException extends IndexException {

  private final String name;
  private final String difference;

  public CollectionExistsException(String name, String difference) {
    super(
        "the name '"
            + name
            + "' is taken: "
            + difference
            + "; choose another name or delete it first");
    this.name = name;
    this.difference = difference;
  }

  public String name() {
    return name;
  }

  public String difference() {
    return difference;
  }
}
