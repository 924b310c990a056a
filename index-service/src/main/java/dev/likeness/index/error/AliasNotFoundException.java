package dev.likeness.index.error;

/** An alias was to be removed that does not exist. */
public final class AliasNotFoundException extends IndexException {

  private final String alias;

  public AliasNotFoundException(String alias) {
    super(
        "alias '"
            + alias
            + "' does not exist; list the aliases of a collection with GetCollection");
    this.alias = alias;
  }

  public String alias() {
    return alias;
  }
}
