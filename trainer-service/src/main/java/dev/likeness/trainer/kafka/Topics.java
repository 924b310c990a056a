package dev.likeness.trainer.kafka;

import java.util.List;
import java.util.stream.Stream;

/** The topics of the platform. */
final class Topics {

  static final String TRAINING_JOBS = "likeness.training.jobs";
  static final String TRAINING_EVENTS = "likeness.training.events";
  static final String MODEL_PUBLISHED = "likeness.model.published";
  static final String MODEL_PROMOTED = "likeness.model.promoted";
  static final String DATASET_CHANGED = "likeness.dataset.changed";

  private static final String DEAD_LETTER = ".dead-letter";

  private Topics() {}

  /** Every topic with the one for its dead letters. */
  static List<String> all() {
    return Stream.of(
            TRAINING_JOBS, TRAINING_EVENTS, MODEL_PUBLISHED, MODEL_PROMOTED, DATASET_CHANGED)
        .flatMap(topic -> Stream.of(topic, topic + DEAD_LETTER))
        .toList();
  }
}
