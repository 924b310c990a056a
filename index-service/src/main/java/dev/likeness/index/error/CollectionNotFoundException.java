package dev.likeness.index.error;

/** Neither a collection nor an alias has this name. */
public final class CollectionNotFoundException extends IndexException {

  private final String name;

  public CollectionNotFoundException(String name) {
    super("no collection or alias is named '" + name + "'; ListCollections shows what exists");
    this.name = name;
  }

  public String name() {
    return name;
  }
}
