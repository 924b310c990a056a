package dev.likeness.trainer.job;

/** Nothing served before what serves now. */
public final class NoEarlierVersionException extends TrainerException {

  private static final long serialVersionUID = 1L;

  /** The encoder. */
  public NoEarlierVersionException(String encoder) {
    super(
        "no version of '%s' is known to have served before; name one with its number"
            .formatted(encoder));
  }
}
