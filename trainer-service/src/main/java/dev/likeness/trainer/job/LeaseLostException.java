package dev.likeness.trainer.job;

/** A claim is no longer valid: somebody else has taken the job over. */
public final class LeaseLostException extends TrainerException {

  private static final long serialVersionUID = 1L;

  /** The claim that is no longer valid. */
  public LeaseLostException(Claim claim) {
    super(
        "training job '%s' was taken over by another worker; claim %d of '%s' is void"
            .formatted(claim.job().id(), claim.token(), claim.owner()));
  }
}
