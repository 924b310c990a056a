package dev.likeness.embedder.failure;

/** Every failure that this service explains to its callers; the message says how to repair it. */
public abstract sealed class EmbedderException extends RuntimeException
    permits BuiltInEncoderException,
        EncoderNotFoundException,
        EncoderNotLoadedException,
        ModelInvalidException,
        ImageRejectedException,
        QueueFullException,
        DeadlinePassedException,
        InferenceFailedException {

  private static final long serialVersionUID = 1L;

  EmbedderException(String message) {
    super(message);
  }

  EmbedderException(String message, Throwable cause) {
    super(message, cause);
  }
}
