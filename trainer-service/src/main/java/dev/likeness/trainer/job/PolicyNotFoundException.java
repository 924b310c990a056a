package dev.likeness.trainer.job;

/** There is no such policy. */
public final class PolicyNotFoundException extends TrainerException {

  private static final long serialVersionUID = 1L;

  PolicyNotFoundException(String dataset, String outputEncoder) {
    super(
        "no policy watches '%s' for encoder '%s'; list the policies to see which exist"
            .formatted(Abbreviation.of(dataset), Abbreviation.of(outputEncoder)));
  }
}
