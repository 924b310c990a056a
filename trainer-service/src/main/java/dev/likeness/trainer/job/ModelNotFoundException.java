package dev.likeness.trainer.job;

/** There is no such encoder version. */
public final class ModelNotFoundException extends TrainerException {

  private static final long serialVersionUID = 1L;

  /** The name, or name and version, as it was asked for. */
  public ModelNotFoundException(String model) {
    super(
        "there is no encoder '%s' in the model store; './likeness encoders list' shows the names"
            .formatted(Abbreviation.of(model)));
  }
}
