package dev.likeness.trainer.wiring;

import dev.likeness.trainer.kafka.OutboxPublisher;
import dev.likeness.trainer.kafka.TopicSetup;
import dev.likeness.trainer.work.JobWorker;
import dev.likeness.trainer.work.PolicyWatch;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Starts what runs by itself, and stops it: first the work, then the telling of it. */
@Singleton
public final class TrainerLifecycle {

  private final JobWorker worker;
  private final PolicyWatch policies;
  private final OutboxPublisher publisher;
  private final TopicSetup topics;

  /** Called by the container. */
  public TrainerLifecycle(
      JobWorker worker, PolicyWatch policies, OutboxPublisher publisher, TopicSetup topics) {
    this.worker = worker;
    this.policies = policies;
    this.publisher = publisher;
    this.topics = topics;
  }

  void start(@Observes StartupEvent event) {
    topics.start();
    publisher.start();
    worker.start();
    policies.start();
  }

  void stop(@Observes ShutdownEvent event) {
    topics.close();
    policies.close();
    worker.close();
    publisher.close();
  }
}
