package dev.likeness.embedder.failure;

/** The network gave no usable vector for an image. */
public final class InferenceFailedException extends EmbedderException {

  private static final long serialVersionUID = 1L;

  public InferenceFailedException(String message) {
    super(message);
  }

  public InferenceFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
