package dev.likeness.gateway.run;

import java.time.Instant;

/** Where a run is in its life; the methods are the legal transitions. */
public sealed interface RunState {

  /** Whether nothing will happen any more. */
  default boolean isFinal() {
    return switch (this) {
      case Queued _, Running _ -> false;
      case Succeeded _, Failed _ -> true;
    };
  }

  /** Accepted, waiting for its turn. */
  record Queued() implements RunState {
    /** A worker takes it. */
    public Running start(Instant now) {
      return new Running(RunStage.GALLERY, 0, 0, now);
    }
  }

  /**
   * Going on.
   *
   * @param stage what it is doing
   * @param done items done in this stage
   * @param total items of this stage, at least done
   * @param startTime when a worker first took it
   */
  record Running(RunStage stage, int done, int total, Instant startTime) implements RunState {
    /** Rejects counts that make no sense. */
    public Running {
      if (done < 0 || total < done) {
        throw new IllegalArgumentException(
            "done lies between 0 and total %d, got %d".formatted(total, done));
      }
    }

    /** The next stage begins, or an earlier one again after an interruption. */
    public Running enter(RunStage next, int items) {
      return new Running(next, 0, items, startTime);
    }

    /** So many items of the stage are done. */
    public Running advance(int items) {
      return new Running(stage, Math.min(items, total), total, startTime);
    }

    /** It ends with a submission. */
    public Succeeded succeed(RunResult result, Instant now) {
      return new Succeeded(result, now);
    }

    /** It ends without one. */
    public Failed fail(String reason, Instant now) {
      return new Failed(stage, reason, now);
    }
  }

  /**
   * Ended with a submission.
   *
   * @param result the outcome
   * @param endTime when it ended
   */
  record Succeeded(RunResult result, Instant endTime) implements RunState {}

  /**
   * Ended without a submission.
   *
   * @param stage what it was doing
   * @param reason why, and how to repair it
   * @param endTime when it ended
   */
  record Failed(RunStage stage, String reason, Instant endTime) implements RunState {}
}
