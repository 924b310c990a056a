package dev.likeness.trainer.job;

import java.time.Instant;
import java.util.List;

/**
 * A training job as it stands at one moment.
 *
 * @param id its id
 * @param order place in the order of acceptance, growing
 * @param revision grows with each change
 * @param spec what is trained
 * @param state where it is in its life
 * @param notes facts worth knowing, one sentence each, oldest first
 * @param createTime when it was accepted
 */
public record TrainingJob(
    JobId id,
    long order,
    long revision,
    TrainingSpec spec,
    JobState state,
    List<String> notes,
    Instant createTime) {

  /** Copies the notes. */
  public TrainingJob {
    notes = List.copyOf(notes);
  }

  /** Whether it can no longer change. */
  public boolean ended() {
    return state instanceof JobState.Ended;
  }
}
