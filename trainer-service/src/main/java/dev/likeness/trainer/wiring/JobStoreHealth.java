package dev.likeness.trainer.wiring;

import dev.likeness.trainer.job.JobStatistics;
import dev.likeness.trainer.job.JobStoreException;
import dev.likeness.trainer.work.JobWorker;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready means: the job store answers and the workers are there. Kafka is not asked: without it jobs
 * still run, and their events wait in the outbox.
 */
@Readiness
@Singleton
public final class JobStoreHealth implements HealthCheck {

  private final JobStatistics statistics;
  private final JobWorker worker;

  /** Called by the container. */
  public JobStoreHealth(JobStatistics statistics, JobWorker worker) {
    this.statistics = statistics;
    this.worker = worker;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder response = HealthCheckResponse.named("training jobs");
    try {
      return response
          .status(worker.alive())
          .withData("outbox_backlog", statistics.outboxBacklog())
          .build();
    } catch (JobStoreException e) {
      return response.down().withData("job_store", String.valueOf(e.getMessage())).build();
    }
  }
}
