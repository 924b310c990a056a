package dev.likeness.gateway.run;

/** The run has no submission, because it is still going on or because it failed. */
public final class RunNotFinishedException extends RunException {

  private static final long serialVersionUID = 1L;

  /**
   * @param run the run as it is
   */
  public RunNotFinishedException(Run run) {
    super(
        "run '%s' has no submission: %s"
            .formatted(
                run.id(),
                switch (run.state()) {
                  case RunState.Queued _ -> "it waits for its turn; watch it until it has ended";
                  case RunState.Running _ -> "it is still going on; watch it until it has ended";
                  case RunState.Succeeded _ -> "it has just ended; ask again";
                  case RunState.Failed failed -> "it failed: " + failed.reason();
                }));
  }
}
