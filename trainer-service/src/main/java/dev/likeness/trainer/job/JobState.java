package dev.likeness.trainer.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a job is in its life: {@code Queued → Running → Succeeded | Failed | Cancelled}. The
 * methods of a state are the only ways out of it; what is not here cannot happen.
 */
public sealed interface JobState {

  /** How often a worker has taken the job. */
  int attempt();

  /** When a worker first took it; null if none has. */
  @Nullable Instant startTime();

  /** A job that can still change. */
  sealed interface Open extends JobState {}

  /** A job that never changes again. */
  sealed interface Ended extends JobState {

    /** When it ended. */
    Instant endTime();
  }

  /** Waits for a worker: new, or handed back by a worker that shut down. */
  record Queued(int attempt, @Nullable Instant startTime) implements Open {

    /** A job nobody has touched. */
    public static Queued fresh() {
      return new Queued(0, null);
    }

    /** A worker takes it. */
    public Running start(Instant now) {
      return new Running(
          attempt + 1,
          startTime == null ? now : startTime,
          Progress.NONE,
          /* cancelRequested= */ false);
    }

    /** It is no longer wanted. */
    public Cancelled cancel(Instant now) {
      return new Cancelled(attempt, startTime, now);
    }
  }

  /** A worker is at it, or was when its process died. */
  record Running(int attempt, Instant startTime, Progress progress, boolean cancelRequested)
      implements Open {

    /** The worker got further. */
    public Running advance(Progress further) {
      return new Running(attempt, startTime, further, cancelRequested);
    }

    /** It is no longer wanted; the worker ends it when it notices. */
    public Running requestCancel() {
      return new Running(attempt, startTime, progress, true);
    }

    /** Another worker takes it from one that is gone. */
    public Running takeOver() {
      return new Running(attempt + 1, startTime, Progress.NONE, cancelRequested);
    }

    /** The worker shuts down and hands it back; a job nobody wants any more ends here. */
    public JobState handBack(Instant now) {
      return cancelRequested ? cancel(now) : new Queued(attempt, startTime);
    }

    /** Its encoder is published. */
    public Succeeded succeed(PublishedModel model, Instant now) {
      return new Succeeded(attempt, startTime, now, model);
    }

    /** It cannot be done. */
    public Failed fail(String reason, Instant now) {
      return new Failed(attempt, startTime, now, reason);
    }

    /** The worker has noticed that it is no longer wanted. */
    public Cancelled cancel(Instant now) {
      return new Cancelled(attempt, startTime, now);
    }
  }

  /** Ended with a published encoder. */
  record Succeeded(int attempt, Instant startTime, Instant endTime, PublishedModel model)
      implements Ended {}

  /**
   * Ended without one.
   *
   * @param reason why, and how to repair it
   */
  record Failed(int attempt, Instant startTime, Instant endTime, String reason) implements Ended {}

  /** Ended by request. */
  record Cancelled(int attempt, @Nullable Instant startTime, Instant endTime) implements Ended {}
}
