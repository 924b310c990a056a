package dev.likeness.gateway.competition;

import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetLayout;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.evaluation.truth.TruthRules;
import dev.likeness.gateway.run.InvalidRequestException;
import dev.likeness.gateway.run.RunSpec;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The files that a run reads and writes, each checked against the roots whenever it is used. */
public final class DatasetFolder {

  private static final String LABELS = "labels.json";

  private final FileRoots roots;

  /** Called by the producer. */
  public DatasetFolder(FileRoots roots) {
    this.roots = roots;
  }

  /** The images of a run; also refuses an unofficial way out, a labels file that is a link. */
  Dataset dataset(RunSpec spec) throws PathOutsideRootsException {
    Path directory = roots.resolve(spec.datasetPath());
    Path labels = directory.resolve(LABELS);
    if (Files.exists(labels)) {
      var _ = roots.resolve(labels.toString());
    }
    return DatasetLayout.read(directory);
  }

  /** What is known about right answers. */
  Truth truth(RunSpec spec, Dataset dataset) throws PathOutsideRootsException {
    return TruthRules.find(
        dataset, spec.labelsPath() == null ? null : roots.resolve(spec.labelsPath()));
  }

  /** Where a run writes a file. */
  Path output(RunSpec spec, Path ownDirectory, String folder) throws PathOutsideRootsException {
    return spec.outputPath() == null
        ? ownDirectory.resolve(folder)
        : roots.resolve(Path.of(spec.outputPath()).resolve(folder).toString());
  }

  /** A file that a run has written, for reading it back. */
  Path written(RunSpec spec, String file) throws PathOutsideRootsException {
    return spec.outputPath() == null ? Path.of(file) : roots.resolve(file);
  }

  /**
   * Makes the output directory.
   *
   * @throws InvalidRequestException if nothing can be written there
   */
  void requireWritable(RunSpec spec) throws PathOutsideRootsException {
    if (spec.outputPath() == null) {
      return;
    }
    Path directory = roots.resolve(spec.outputPath());
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw notWritable(directory);
    }
    if (!Files.isWritable(directory)) {
      throw notWritable(directory);
    }
  }

  private static InvalidRequestException notWritable(Path directory) {
    return new InvalidRequestException(
        "spec.output_path",
        "cannot write to the directory '%s'; check its permissions or give another one"
            .formatted(directory));
  }
}
