package dev.likeness.index.error;

/** A search starts from a stored vector that does not exist. */
public final class VectorNotFoundException extends IndexException {

  private final String id;

  public VectorNotFoundException(String id) {
    super("no vector has the id '" + id + "'; search with its values instead");
    this.id = id;
  }

  public String id() {
    return id;
  }
}
