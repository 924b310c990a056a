package dev.likeness.trainer.job;

import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Data sets that are watched, and what is told of them. Safe for use by many threads. */
public final class DatasetIntake {

  private final PolicyStore policies;
  private final FileRoots roots;
  private final DatasetEvents events;

  /** Watches data sets below the roots. */
  public DatasetIntake(PolicyStore policies, FileRoots roots, DatasetEvents events) {
    this.policies = policies;
    this.roots = roots;
    this.events = events;
  }

  /** The events of a changed data set. */
  @FunctionalInterface
  public interface DatasetEvents {

    /**
     * The events.
     *
     * @param added images more than at the report before; null at the first
     */
    List<EventFormat.Draft> changed(String datasetPath, long images, @Nullable Long added);
  }

  /**
   * What was reported.
   *
   * @param images in the training part
   * @param added images more than at the report before; null at the first
   * @param policies those that watch the data set
   */
  public record Report(long images, @Nullable Long added, List<TrainingPolicy> policies) {

    /** Copies the policies. */
    public Report {
      policies = List.copyOf(policies);
    }
  }

  /**
   * Counts the training images of a data set and tells everybody.
   *
   * @throws InvalidDatasetException if they cannot be counted
   */
  public Report report(String datasetPath) throws PathOutsideRootsException {
    Path path = roots.resolve(datasetPath);
    String name = path.toString();
    long images = images(path);
    Long before =
        policies.report(
            name,
            images,
            known -> events.changed(name, images, known == null ? null : images - known));
    return new Report(
        images,
        before == null ? null : images - before,
        policies.list().stream()
            .filter(policy -> policy.spec().datasetPath().equals(name))
            .toList());
  }

  /**
   * Sets a policy; images that are there already are not new.
   *
   * @throws InvalidDatasetException if the data set's images cannot be counted
   */
  public TrainingPolicy watch(TrainingSpec spec, long minNewImages, Duration coolDown)
      throws PathOutsideRootsException {
    Path path = roots.resolve(spec.datasetPath());
    TrainingSpec resolved =
        new TrainingSpec(
            path.toString(), spec.encoder(), spec.outputEncoder(), spec.seed(), spec.method());
    return policies.set(resolved, minNewImages, coolDown, images(path));
  }

  /**
   * A data set was told to have changed.
   *
   * @return how many policies watch it
   * @throws PathOutsideRootsException if it lies below no root
   */
  public int count(String datasetPath, long images) throws PathOutsideRootsException {
    if (images < 0) {
      throw new InvalidJobException(
          "training_image_count", "training_image_count must not be negative, got " + images);
    }
    return policies.count(roots.resolve(datasetPath).toString(), images);
  }

  private static long images(Path path) {
    try {
      return DatasetLayout.readTraining(path).size();
    } catch (DatasetException e) {
      throw new InvalidDatasetException(String.valueOf(e.getMessage()));
    }
  }
}
