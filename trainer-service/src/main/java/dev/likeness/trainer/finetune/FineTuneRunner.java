package dev.likeness.trainer.finetune;

import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.ModelStoreException;
import dev.likeness.encoders.store.ModelVersion;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.job.PromotionVerdict;
import dev.likeness.trainer.job.PublishedModel;
import dev.likeness.trainer.job.TrainingJob;
import dev.likeness.trainer.job.TrainingSpec;
import dev.likeness.trainer.work.JobContext;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.trainer.work.TrainingFailedException;
import dev.likeness.training.finetune.FineTuneOutcome;
import dev.likeness.training.finetune.FineTuneTask;
import dev.likeness.training.finetune.failure.FineTuneException;
import dev.likeness.training.finetune.spec.Execution;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.torch.NativeRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Fine-tunes an encoder and publishes the result; it serves its name if it is better. Repeatable at
 * every point: the engine goes on from its checkpoint, the model store publishes one version per
 * job and promotes once per job.
 *
 * <p>Stateless but for its parts; safe for use by many threads.
 */
public final class FineTuneRunner {

  private static final Logger LOG = System.getLogger(FineTuneRunner.class.getName());

  private static final Duration TURN = Duration.ofMillis(250);

  private final Semaphore engineIsFree = new Semaphore(1);
  private final FileRoots roots;
  private final ModelStore models;
  private final FineTuneEngine engine;
  private final FineTuneSettings settings;
  private final WorkFolders folders;
  private final PromotionDecision promotion;
  private final Clock clock;

  /** A runner that publishes into {@code models}. */
  public FineTuneRunner(
      FileRoots roots,
      ModelStore models,
      FineTuneEngine engine,
      FineTuneSettings settings,
      Clock clock) {
    this.roots = roots;
    this.models = models;
    this.engine = engine;
    this.settings = settings;
    this.folders = new WorkFolders(settings.workFolder());
    this.promotion = new PromotionDecision(models, clock);
    this.clock = clock;
  }

  /**
   * Runs a job; see {@link dev.likeness.trainer.work.JobRunner}.
   *
   * @param method the job's method
   */
  public PublishedModel run(TrainingJob job, Method.FineTune method, JobContext context)
      throws TrainingFailedException, JobInterruptedException {
    try {
      return publish(job, method, context);
    } catch (FineTuneException | ModelStoreException | NativeRuntimeException e) {
      throw new TrainingFailedException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new TrainingFailedException(files(e), e);
    } catch (UncheckedIOException e) {
      throw new TrainingFailedException(files(e.getCause() == null ? e : e.getCause()), e);
    }
  }

  private static String files(Exception cause) {
    return "a file cannot be read or written: %s; check the free space and the rights, then create the job again"
        .formatted(cause.getMessage());
  }

  /**
   * Removes the checkpoints of a job that has ended; never called by a worker that lost the job,
   * who would remove those of the one that has it.
   */
  public void forget(TrainingJob job) {
    try {
      folders.remove(job.id());
    } catch (IOException kept) {
      LOG.log(Level.WARNING, "the work folder of job {0} was not removed: {1}", job.id(), kept);
    }
  }

  private PublishedModel publish(TrainingJob job, Method.FineTune method, JobContext context)
      throws TrainingFailedException, JobInterruptedException, IOException {
    Path folder = folders.take(job);
    Optional<ModelPackage> earlier = models.findByJob(job.spec().outputEncoder(), job.id().value());
    if (earlier.isPresent()) {
      Optional<Trained> trained = Trained.read(folder);
      return trained.isPresent()
          ? conclude(job, earlier.get(), trained.get(), context)
          : new PublishedModel(
              earlier.get().version().version(), earlier.get().fingerprint().value());
    }
    context.progress("reading the data set", 0);
    FineTuneTask task = task(job, method, folder);
    context.progress("loading libtorch; its first start unpacks 435 MB", 0);
    FineTuneProgress progress =
        new FineTuneProgress(context, task.spec().batch().size(), System::nanoTime);
    FineTuneOutcome outcome = train(task, progress, context);
    return switch (outcome) {
      case FineTuneOutcome.Stopped _ -> {
        JobInterruptedException interruption = progress.interruption();
        throw interruption == null
            ? new JobInterruptedException(JobInterruptedException.Cause.SHUTDOWN)
            : interruption;
      }
      case FineTuneOutcome.Finished finished -> {
        for (String note : finished.notes()) {
          context.note(note);
        }
        Trained trained = Trained.of(finished);
        trained.write(folder);
        context.progress("publishing", 0.97);
        context.confirm();
        yield conclude(job, models.publishCandidate(finished.draft()), trained, context);
      }
    };
  }

  /** The engine trains one network at a time in a process. */
  private FineTuneOutcome train(FineTuneTask task, FineTuneProgress progress, JobContext context)
      throws JobInterruptedException {
    while (!engineIsFree.tryAcquire()) {
      context.pause(TURN);
    }
    try {
      return engine.run(task, progress, progress);
    } finally {
      engineIsFree.release();
    }
  }

  private FineTuneTask task(TrainingJob job, Method.FineTune method, Path folder)
      throws TrainingFailedException, IOException {
    TrainingSpec spec = job.spec();
    ClassFolders images = images(spec);
    ModelPackage base = base(spec, folder);
    FineTuneSpec asked = method.spec();
    Execution execution =
        new Execution(
            settings.deviceFor(asked.execution().device()),
            settings.threads(),
            asked.execution().bfloat16(),
            asked.execution().activationCheckpointing(),
            settings.imageCacheBytes());
    return new FineTuneTask(
        base,
        images.images(),
        images.classes(),
        folder,
        asked.withExecution(execution),
        spec.outputEncoder(),
        job.id().value(),
        images.hash());
  }

  private ClassFolders images(TrainingSpec spec) throws TrainingFailedException {
    try {
      return ClassFolders.read(roots.resolve(spec.datasetPath()));
    } catch (PathOutsideRootsException e) {
      throw new TrainingFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The version that serves when the job is first run; a job that is run again keeps to it. */
  private ModelPackage base(TrainingSpec spec, Path folder)
      throws TrainingFailedException, IOException {
    Optional<ModelVersion> chosen = BaseVersion.read(folder, spec.encoder());
    Optional<ModelPackage> base =
        chosen.isPresent() ? models.find(chosen.get()) : models.serving(spec.encoder());
    if (base.isEmpty()) {
      throw new TrainingFailedException(
          "there is no encoder '%s' in the model store; import it, or choose one of those that exist"
              .formatted(chosen.map(ModelVersion::toString).orElse(spec.encoder().value())));
    }
    if (chosen.isEmpty()) {
      BaseVersion.write(folder, base.get().version());
    }
    return base.get();
  }

  private PublishedModel conclude(
      TrainingJob job, ModelPackage model, Trained trained, JobContext context)
      throws TrainingFailedException, JobInterruptedException, IOException {
    context.progress("comparing with what serves", 0.98);
    context.confirm();
    Path folder = folders.take(job);
    ModelPackage base = base(job.spec(), folder);
    PromotionVerdict verdict = promotion.decide(base, model, job.id().value(), trained);
    if (trained.reason() == FineTuneOutcome.StopReason.DIVERGED) {
      context.note(
          "the loss became no number; the best weights before it, of epoch %d, are published"
              .formatted(trained.bestEpoch()));
    }
    context.note(
        (verdict.promoted() ? "%s serves: %s" : "%s does not serve: %s")
            .formatted(model.version(), verdict.reason()));
    Path report =
        new TrainingReportWriter(settings.reportFolder())
            .write(job, model, trained, verdict, clock.instant());
    return new PublishedModel(
        model.version().version(), model.fingerprint().value(), verdict, report.toString());
  }
}
