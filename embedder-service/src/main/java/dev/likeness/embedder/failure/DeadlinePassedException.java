package dev.likeness.embedder.failure;

/** The caller's deadline passed before inference began; the image was skipped. */
public final class DeadlinePassedException extends EmbedderException {

  private static final long serialVersionUID = 1L;

  public DeadlinePassedException() {
    super(
        "the deadline passed before the image was embedded; allow more time or send fewer images");
  }
}
