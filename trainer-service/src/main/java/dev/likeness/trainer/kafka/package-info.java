/**
 * The Kafka edge: commands in, events out, and the topics for both. Start at {@link
 * dev.likeness.trainer.kafka.TrainingJobConsumer} and {@link
 * dev.likeness.trainer.kafka.OutboxPublisher}.
 */
@NullMarked
package dev.likeness.trainer.kafka;

import org.jspecify.annotations.NullMarked;
