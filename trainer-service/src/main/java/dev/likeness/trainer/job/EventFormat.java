package dev.likeness.trainer.job;

import dev.likeness.training.finetune.EpochReport;
import java.util.List;

/**
 * Says which events a change of a job causes. The store writes them into the outbox in the same
 * transaction as the change.
 */
@FunctionalInterface
public interface EventFormat {

  /**
   * A message for others.
   *
   * @param topic where it goes
   * @param key key of the record
   * @param type full name of the message
   * @param payload the serialised message
   */
  record Draft(String topic, String key, String type, OutboxEvent.Payload payload) {}

  /** The events of a change that led to this job, in the order in which they are to be sent. */
  List<Draft> eventsOf(TrainingJob changed);

  /**
   * The events of an epoch that is done.
   *
   * @param epochs epochs asked for
   */
  default List<Draft> epochFinished(JobId job, EpochReport epoch, int epochs) {
    return List.of();
  }

  /** The events of another 50 steps. */
  default List<Draft> stepsFinished(JobId job, TrainingFigures figures) {
    return List.of();
  }
}
