package dev.likeness.trainer.wiring;

import dev.likeness.encoders.projection.ProjectionAppender;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PlatformConfig;
import dev.likeness.trainer.config.ProcessName;
import dev.likeness.trainer.config.TrainerConfig;
import dev.likeness.trainer.finetune.FineTuneEngine;
import dev.likeness.trainer.finetune.FineTuneRunner;
import dev.likeness.trainer.finetune.FineTuneSettings;
import dev.likeness.trainer.job.ClaimedJobs;
import dev.likeness.trainer.job.DatabaseSettings;
import dev.likeness.trainer.job.DatasetChanges;
import dev.likeness.trainer.job.DatasetIntake;
import dev.likeness.trainer.job.DatasetReports;
import dev.likeness.trainer.job.EventFormat;
import dev.likeness.trainer.job.JobDatabase;
import dev.likeness.trainer.job.JobIntake;
import dev.likeness.trainer.job.JobStatistics;
import dev.likeness.trainer.job.JobStore;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.job.Outbox;
import dev.likeness.trainer.job.PolicyStore;
import dev.likeness.trainer.job.PublishedModel;
import dev.likeness.trainer.job.TrainingJob;
import dev.likeness.trainer.kafka.JobEvents;
import dev.likeness.trainer.model.ModelHistory;
import dev.likeness.trainer.pca.DraftCheck;
import dev.likeness.trainer.pca.EmbeddingSource;
import dev.likeness.trainer.pca.PcaSettings;
import dev.likeness.trainer.pca.PcaWhiteningRunner;
import dev.likeness.trainer.work.JobContext;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.trainer.work.JobRunner;
import dev.likeness.trainer.work.JobWorker;
import dev.likeness.trainer.work.PolicyWatch;
import dev.likeness.trainer.work.TrainingFailedException;
import dev.likeness.trainer.work.WorkerSettings;
import dev.likeness.training.finetune.FineTuning;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.configuration.MemorySize;
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
  ClaimedJobs claimedJobs(JobDatabase database, EventFormat events, Clock clock) {
    return new ClaimedJobs(database, events, clock);
  }

  @Produces
  @Singleton
  JobStore store(JobDatabase database, EventFormat events, Clock clock) {
    return new JobStore(database, events, clock);
  }

  @Produces
  @Singleton
  PolicyStore policies(JobDatabase database, JobStore store, Clock clock) {
    return new PolicyStore(database, store, clock);
  }

  @Produces
  @Singleton
  DatasetChanges changes(JobDatabase database) {
    return new DatasetChanges(database);
  }

  @Produces
  @Singleton
  DatasetIntake datasets(
      PolicyStore policies,
      DatasetChanges changes,
      JobDatabase database,
      FileRoots roots,
      JobEvents events,
      Clock clock) {
    return new DatasetIntake(
        policies, changes, new DatasetReports(database, clock), roots, events::datasetChanged);
  }

  @Produces
  @Singleton
  PolicyWatch policyWatch(PolicyStore policies, DatasetChanges changes, JobWorker worker) {
    return new PolicyWatch(policies, changes, worker, config.policy().poll());
  }

  @Produces
  @Singleton
  ModelHistory history(ModelStore models, Outbox outbox, JobEvents events, Clock clock) {
    return new ModelHistory(models, outbox, events::promoted, clock);
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

  /** Tests put something quicker in its place. */
  @Produces
  @Singleton
  @DefaultBean
  FineTuneEngine engine() {
    return FineTuning::run;
  }

  @Produces
  @Singleton
  FineTuneRunner fineTuneRunner(
      FileRoots roots, ModelStore models, FineTuneEngine engine, Clock clock) {
    TrainerConfig.FineTune fineTune = config.fineTune();
    return new FineTuneRunner(
        roots,
        models,
        engine,
        new FineTuneSettings(
            home("trainer").resolve("work"),
            home("trainer").resolve("reports"),
            fineTune.threads().orElse(Runtime.getRuntime().availableProcessors()),
            fineTune
                .imageCache()
                .map(MemorySize::asLongValue)
                .orElse(Runtime.getRuntime().maxMemory() / 4),
            config.device()),
        clock);
  }

  @Produces
  @Singleton
  JobRunner runner(
      FileRoots roots,
      EmbeddingSource source,
      ModelStore models,
      FineTuneRunner fineTune,
      Clock clock) {
    PcaWhiteningRunner pca =
        new PcaWhiteningRunner(
            roots,
            source,
            models,
            new ProjectionAppender(clock),
            new DraftCheck(home("trainer").resolve("scratch")),
            new PcaSettings(config.pca().maxImages(), config.pca().maxImageNotes()));
    return new JobRunner() {
      @Override
      public PublishedModel run(TrainingJob job, JobContext context)
          throws TrainingFailedException, JobInterruptedException {
        return switch (job.spec().method()) {
          case Method.PcaWhitening method -> pca.run(job, method, context);
          case Method.FineTune method -> fineTune.run(job, method, context);
        };
      }

      @Override
      public void forget(TrainingJob ended) {
        if (ended.spec().method() instanceof Method.FineTune) {
          fineTune.forget(ended);
        }
      }
    };
  }

  @Produces
  @Singleton
  JobWorker worker(ClaimedJobs jobs, JobRunner runner, Clock clock) {
    TrainerConfig.Worker worker = config.worker();
    return new JobWorker(
        jobs,
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
