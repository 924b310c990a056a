package dev.likeness.embedder.failure;

/** A file or a package that is not a usable image encoder; the message says how to repair it. */
public final class ModelInvalidException extends EmbedderException {

  private static final long serialVersionUID = 1L;

  public ModelInvalidException(String message) {
    super(message);
  }

  public ModelInvalidException(String message, Throwable cause) {
    super(message, cause);
  }
}
