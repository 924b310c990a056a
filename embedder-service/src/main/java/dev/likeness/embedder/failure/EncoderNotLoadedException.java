package dev.likeness.embedder.failure;

/** The encoder exists and cannot be served. */
public final class EncoderNotLoadedException extends EmbedderException {

  private static final long serialVersionUID = 1L;

  /**
   * @param model name/version
   * @param reason what was found when it was loaded
   */
  public EncoderNotLoadedException(String model, String reason) {
    super("encoder %s could not be loaded: %s".formatted(model, reason));
  }
}
