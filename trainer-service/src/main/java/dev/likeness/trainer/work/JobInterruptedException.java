package dev.likeness.trainer.work;

/** A running job has to stop where it is. */
public final class JobInterruptedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Why a job has to stop. */
  public enum Cause {
    /** It is no longer wanted. */
    CANCELLED,
    /** The service shuts down; somebody else goes on later. */
    SHUTDOWN,
    /** Somebody else has it already. */
    LEASE_LOST
  }

  private final Cause interruption;

  /** Why it has to stop. */
  public JobInterruptedException(Cause interruption) {
    super("the job has to stop: " + interruption);
    this.interruption = interruption;
  }

  /** Why it has to stop. */
  public Cause interruption() {
    return interruption;
  }
}
