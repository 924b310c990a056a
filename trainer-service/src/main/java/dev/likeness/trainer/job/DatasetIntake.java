package dev.likeness.trainer.job;

import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import dev.likeness.trainer.dataset.DatasetContents;
import dev.likeness.trainer.job.DatasetReports.Difference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Data sets that are watched, and what is told of them. Safe for use by many threads. */
public final class DatasetIntake {

  private final PolicyStore policies;
  private final DatasetChanges changes;
  private final DatasetReports reports;
  private final FileRoots roots;
  private final DatasetEvents events;

  /** Watches data sets below the roots. */
  public DatasetIntake(
      PolicyStore policies,
      DatasetChanges changes,
      DatasetReports reports,
      FileRoots roots,
      DatasetEvents events) {
    this.policies = policies;
    this.changes = changes;
    this.reports = reports;
    this.roots = roots;
    this.events = events;
  }

  /** The events of a changed data set. */
  @FunctionalInterface
  public interface DatasetEvents {

    /** The events. */
    List<EventFormat.Draft> changed(String datasetPath, long images, Difference difference);
  }

  /**
   * What was reported.
   *
   * @param images in the training part
   * @param difference from the report before
   * @param policies those that watch the data set
   */
  public record Report(long images, Difference difference, List<TrainingPolicy> policies) {

    /** Copies the policies. */
    public Report {
      policies = List.copyOf(policies);
    }
  }

  /**
   * Looks at the training images of a data set and tells everybody.
   *
   * @throws InvalidDatasetException if they cannot be listed
   */
  public Report report(String datasetPath) throws PathOutsideRootsException {
    Path path = roots.resolve(datasetPath);
    String name = path.toString();
    DatasetContents now = contents(path);
    Difference difference =
        reports.report(name, now, found -> events.changed(name, now.images(), found));
    return new Report(
        now.images(),
        difference,
        policies.list().stream()
            .filter(policy -> policy.spec().datasetPath().equals(name))
            .toList());
  }

  /**
   * Sets a policy; images that are there already are not new.
   *
   * @throws InvalidDatasetException if the data set's images cannot be listed
   */
  public TrainingPolicy watch(TrainingSpec spec, long minNewImages, Duration coolDown)
      throws PathOutsideRootsException {
    Path path = roots.resolve(spec.datasetPath());
    TrainingSpec resolved =
        new TrainingSpec(
            path.toString(), spec.encoder(), spec.outputEncoder(), spec.seed(), spec.method());
    return policies.set(resolved, minNewImages, coolDown, contents(path));
  }

  /**
   * A data set was told to have changed; how much is found out later.
   *
   * @return how many policies watch it
   * @throws PathOutsideRootsException if it lies below no root
   */
  public int tell(String datasetPath, long images) throws PathOutsideRootsException {
    if (images < 0) {
      throw new InvalidJobException(
          "training_image_count", "training_image_count must not be negative, got " + images);
    }
    return changes.tell(roots.resolve(datasetPath).toString(), images);
  }

  private static DatasetContents contents(Path path) {
    try {
      return DatasetContents.read(path);
    } catch (DatasetException e) {
      throw new InvalidDatasetException(String.valueOf(e.getMessage()));
    }
  }
}
