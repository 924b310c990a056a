package dev.likeness.trainer.pca;

import dev.likeness.encoders.projection.LinearProjection;
import dev.likeness.encoders.projection.PcaWhitening;
import dev.likeness.encoders.projection.ProjectionAppender;
import dev.likeness.encoders.projection.ProjectionRequest;
import dev.likeness.encoders.projection.TooFewImagesException;
import dev.likeness.encoders.runtime.ModelLoadException;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.ModelStoreException;
import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import dev.likeness.trainer.job.Method;
import dev.likeness.trainer.job.PublishedModel;
import dev.likeness.trainer.job.TrainingJob;
import dev.likeness.trainer.job.TrainingSpec;
import dev.likeness.trainer.work.JobContext;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.trainer.work.TrainingFailedException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Fits a PCA whitening to the embeddings of the training images and publishes the encoder with the
 * whitening at the end of its graph. Repeatable: the store publishes one version per job, and a run
 * that finds it does nothing more.
 *
 * <p>Stateless but for its parts; safe for use by many threads.
 */
public final class PcaWhiteningRunner {

  private final FileRoots roots;
  private final EmbeddingSource source;
  private final ModelStore models;
  private final ProjectionAppender appender;
  private final DraftCheck check;
  private final PcaSettings settings;

  /** A runner that publishes into {@code models}. */
  public PcaWhiteningRunner(
      FileRoots roots,
      EmbeddingSource source,
      ModelStore models,
      ProjectionAppender appender,
      DraftCheck check,
      PcaSettings settings) {
    this.roots = roots;
    this.source = source;
    this.models = models;
    this.appender = appender;
    this.check = check;
    this.settings = settings;
  }

  /**
   * Runs a job; see {@link dev.likeness.trainer.work.JobRunner}.
   *
   * @param method the job's method
   */
  public PublishedModel run(TrainingJob job, Method.PcaWhitening method, JobContext context)
      throws TrainingFailedException, JobInterruptedException {
    try {
      Optional<ModelPackage> earlier =
          models.findByJob(job.spec().outputEncoder(), job.id().value());
      return published(earlier.isPresent() ? earlier.get() : train(job, method, context));
    } catch (ModelStoreException | ModelLoadException | TooFewImagesException e) {
      throw new TrainingFailedException(String.valueOf(e.getMessage()), e);
    } catch (UncheckedIOException e) {
      throw new TrainingFailedException(
          "a file of the encoder cannot be read or written: "
              + Objects.requireNonNull(e.getCause()).getMessage(),
          e);
    }
  }

  private ModelPackage train(TrainingJob job, Method.PcaWhitening method, JobContext context)
      throws TrainingFailedException, JobInterruptedException {
    TrainingSpec spec = job.spec();
    context.progress("reading the data set", 0);
    TrainingImages images = training(spec);
    requireEncoder(spec.encoder());
    List<ImageFile> sample = images.sample(settings.maxImages(), spec.seed());
    if (sample.size() < images.images().size()) {
      context.note(
          "of %d training images, %d drawn with seed %d were used"
              .formatted(images.images().size(), sample.size(), spec.seed()));
    }

    EmbeddedImages embedded = new EmbeddedImages(sample, context, settings.maxImageNotes());
    source.embed(spec.encoder(), sample, context, embedded);
    float[][] vectors = embedded.vectors();
    context.note(
        "%d of %d training images were used, %d left out"
            .formatted(vectors.length, sample.size(), embedded.leftOutCount()));
    if (vectors.length < PcaSettings.SMALLEST_IMAGE_COUNT) {
      throw new TrainingFailedException(
          "only %d of %d training images could be embedded, fitting needs at least %d; the notes say what is wrong with the others"
              .formatted(vectors.length, sample.size(), PcaSettings.SMALLEST_IMAGE_COUNT));
    }
    ModelPackage base = servedVersion(spec.encoder(), embedded);

    context.progress("fitting the whitening", 0.91);
    LinearProjection projection = fit(vectors, method, base);
    context.progress("building the encoder", 0.94);
    PackageDraft draft = draft(job, base, projection, images.hash(), vectors.length);
    context.progress("verifying the encoder", 0.96);
    check.check(draft, base, projection);
    context.progress("publishing", 0.99);
    context.confirm();
    return models.publish(draft);
  }

  private TrainingImages training(TrainingSpec spec) throws TrainingFailedException {
    try {
      return TrainingImages.read(roots.resolve(spec.datasetPath()));
    } catch (PathOutsideRootsException e) {
      throw new TrainingFailedException(String.valueOf(e.getMessage()), e);
    }
  }

  private void requireEncoder(EncoderName encoder) throws TrainingFailedException {
    if (models.find(encoder).isEmpty()) {
      throw new TrainingFailedException(
          "there is no encoder '%s' in the model store; import it, or choose one of those that exist"
              .formatted(encoder));
    }
  }

  /** The version that made the embeddings, which need not be the newest. */
  private ModelPackage servedVersion(EncoderName encoder, EmbeddedImages embedded)
      throws TrainingFailedException {
    String fingerprint = embedded.fingerprint().orElse("");
    return models.list().reversed().stream()
        .filter(model -> model.name().equals(encoder))
        .filter(model -> model.fingerprint().value().equals(fingerprint))
        .findFirst()
        .orElseThrow(
            () ->
                new TrainingFailedException(
                    "the embedder serves a version of '%s' that is not in the trainer's model store; both need the same likeness.platform.home"
                        .formatted(encoder)));
  }

  private static LinearProjection fit(
      float[][] vectors, Method.PcaWhitening method, ModelPackage base)
      throws TrainingFailedException {
    int inputDimension = base.card().dimension();
    Integer wanted = method.dimension();
    if (wanted != null && wanted > inputDimension) {
      throw new TrainingFailedException(
          "dimension %d is larger than the %d of encoder '%s'; ask for at most that"
              .formatted(wanted, inputDimension, base.name()));
    }
    int dimension =
        wanted == null ? PcaWhitening.defaultDimension(vectors.length, inputDimension) : wanted;
    try {
      return PcaWhitening.fit(vectors, dimension, PcaWhitening.DEFAULT_SHRINKAGE);
    } catch (IllegalArgumentException e) {
      throw new TrainingFailedException(
          "the whitening cannot be fitted: %s; use more and more varied training images"
              .formatted(e.getMessage()),
          e);
    }
  }

  private PackageDraft draft(
      TrainingJob job,
      ModelPackage base,
      LinearProjection projection,
      String datasetHash,
      int imageCount) {
    return appender.append(
        base,
        projection,
        new ProjectionRequest(
            job.spec().outputEncoder(),
            PcaWhitening.KIND,
            job.id().value(),
            datasetHash,
            imageCount,
            PcaWhitening.DEFAULT_SHRINKAGE));
  }

  private static PublishedModel published(ModelPackage model) {
    return new PublishedModel(model.version().version(), model.fingerprint().value());
  }
}
