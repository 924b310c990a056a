package dev.likeness.trainer.wiring;

import dev.likeness.encoders.projection.ProjectionAppender;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PlatformConfig;
import dev.likeness.trainer.config.ProcessName;
import dev.likeness.trainer.config.TrainerConfig;
import dev.likeness.trainer.job.DatabaseSettings;
import dev.likeness.trainer.job.EventFormat;
import dev.likeness.trainer.job.JobDatabase;
import dev.likeness.trainer.job.JobIntake;
import dev.likeness.trainer.job.JobStatistics;
import dev.likeness.trainer.job.JobStore;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.job.Outbox;
import dev.likeness.trainer.pca.DraftCheck;
import dev.likeness.trainer.pca.EmbeddingSource;
import dev.likeness.trainer.pca.PcaSettings;
import dev.likeness.trainer.pca.PcaWhiteningRunner;
import dev.likeness.trainer.work.JobRunner;
import dev.likeness.trainer.work.JobWorker;
import dev.likeness.trainer.work.WorkerSettings;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;

/** Builds the trainer's parts from its settings; they know nothing of the container. */
@Singleton
public final class TrainerWiring {

  private final PlatformConfig platform;
  private final TrainerConfig config;
  private final ProcessName process = ProcessName.unique();

  /** Called by the container. */
  public TrainerWiring(PlatformConfig platform, TrainerConfig config) {
    this.platform = platform;
    this.config = config;
  }

  @Produces
  @Singleton
  ProcessName process() {
    return process;
  }

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  FileRoots roots() {
    return FileRoots.of(platform);
  }

  @Produces
  @Singleton
  ModelStore models() {
    return ModelStore.open(home("models"));
  }

  @Produces
  @Singleton
  JobDatabase database() {
    TrainerConfig.Store store = config.store();
    return JobDatabase.open(
        store
            .url()
            .map(
                url ->
                    new DatabaseSettings(
                        url,
                        store.user().orElse(null),
                        store.password().orElse(null),
                        store.connections()))
            .orElseGet(
                () ->
                    DatabaseSettings.h2File(home("trainer").resolve("jobs"), store.connections())));
  }

  void close(@Disposes JobDatabase database) {
    database.close();
  }

  @Produces
  @Singleton
  JobStore store(JobDatabase database, EventFormat events, Clock clock) {
    return new JobStore(database, events, clock);
  }

  @Produces
  @Singleton
  Outbox outbox(JobDatabase database, Clock clock) {
    return new Outbox(database, clock);
  }

  @Produces
  @Singleton
  JobStatistics statistics(JobDatabase database, Clock clock) {
    return new JobStatistics(database, clock);
  }

  @Produces
  @Singleton
  JobIntake intake(JobStore store, FileRoots roots) {
    return new JobIntake(store, roots);
  }

  @Produces
  @Singleton
  JobRunner runner(FileRoots roots, EmbeddingSource source, ModelStore models, Clock clock) {
    PcaWhiteningRunner pca =
        new PcaWhiteningRunner(
            roots,
            source,
            models,
            new ProjectionAppender(clock),
            new DraftCheck(home("trainer").resolve("scratch")),
            new PcaSettings(config.pca().maxImages(), config.pca().maxImageNotes()));
    return (job, context) ->
        switch (job.spec().method()) {
          case Method.PcaWhitening method -> pca.run(job, method, context);
        };
  }

  @Produces
  @Singleton
  JobWorker worker(JobStore store, JobRunner runner, Clock clock) {
    TrainerConfig.Worker worker = config.worker();
    return new JobWorker(
        store,
        runner,
        new WorkerSettings(
            worker.threads(),
            worker.lease(),
            worker.heartbeat(),
            worker.poll(),
            worker.maxAttempts(),
            worker.shutdownGrace()),
        process.value(),
        clock);
  }

  private Path home(String part) {
    return platform.home().toAbsolutePath().normalize().resolve(part);
  }
}
