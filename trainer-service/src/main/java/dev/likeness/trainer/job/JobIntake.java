package dev.likeness.trainer.job;

import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * Accepts jobs, however they arrive. A repeat gives the job that exists, even if its data set is
 * gone by now. Safe for use by many threads.
 */
public final class JobIntake {

  private final JobStore store;
  private final FileRoots roots;

  /** Accepts jobs into a store, on data sets below the roots. */
  public JobIntake(JobStore store, FileRoots roots) {
    this.store = store;
    this.roots = roots;
  }

  /**
   * Accepts a job once.
   *
   * @param request the caller's id of the request, null for none
   * @throws JobExistsException if one of the ids stands for a job with another spec
   * @throws InvalidDatasetException if there is no such directory
   * @throws PathOutsideRootsException if the directory lies below no root
   */
  public TrainingJob accept(JobId id, @Nullable RequestId request, TrainingSpec spec)
      throws PathOutsideRootsException {
    var existing = store.findExisting(id, request, spec);
    if (existing.isPresent()) {
      return existing.get();
    }
    if (!Files.isDirectory(roots.resolve(spec.datasetPath()))) {
      throw new InvalidDatasetException(
          "there is no directory '%s' on the server; dataset_path names the directory that holds training/"
              .formatted(spec.datasetPath()));
    }
    return store.create(id, request, spec);
  }
}
