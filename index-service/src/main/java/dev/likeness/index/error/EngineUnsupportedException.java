package dev.likeness.index.error;

/** The engine that is configured cannot do this. */
public final class EngineUnsupportedException extends IndexException {

  private final String instead;

  /**
   * @param what is not possible
   * @param instead what serves the same purpose
   */
  public EngineUnsupportedException(String what, String instead) {
    super("%s; %s".formatted(what, instead));
    this.instead = instead;
  }

  public String instead() {
    return instead;
  }
}
