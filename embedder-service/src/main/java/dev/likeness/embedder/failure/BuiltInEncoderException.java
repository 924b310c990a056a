package dev.likeness.embedder.failure;

/** The encoder that is always there cannot be removed. */
public final class BuiltInEncoderException extends EmbedderException {

  private static final long serialVersionUID = 1L;

  public BuiltInEncoderException(String name) {
    super(
        "'%s' is built in and would come back at the next start; only versions that were added to it can be removed, each by its number"
            .formatted(name));
  }
}
