package dev.likeness.trainer.pca;

import dev.likeness.encoders.projection.LinearProjection;
import dev.likeness.encoders.runtime.ModelVerifier;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.UnitLength;
import dev.likeness.encoders.runtime.VerifyReport;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.trainer.work.TrainingFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks a new encoder before anybody can see it: its files are written to a store of their own,
 * read back and run, and its golden vector must be the projection of the base encoder's.
 */
public final class DraftCheck {

  /** Float32 in the graph against double here, over a few thousand products. */
  private static final double TOLERANCE = 1e-3;

  private final Path scratch;

  /** A check that writes below a directory; every attempt removes what it wrote. */
  public DraftCheck(Path scratch) {
    this.scratch = scratch;
  }

  /**
   * Checks a draft.
   *
   * @throws TrainingFailedException if the draft is not what it should be
   */
  void check(PackageDraft draft, ModelPackage base, LinearProjection projection)
      throws TrainingFailedException {
    double difference =
        largestDifference(
            draft.card().golden().expected(), projection.apply(base.card().golden().expected()));
    if (!(difference <= TOLERANCE)) {
      throw new TrainingFailedException(
          "the new encoder does not compute the fitted projection (difference %.2e, allowed %.0e); nothing was published"
              .formatted(difference, TOLERANCE));
    }
    VerifyReport report = readBack(draft);
    if (!report.passed()) {
      throw new TrainingFailedException(
          "the new encoder does not pass its own check, nothing was published: "
              + report.summary());
    }
  }

  private VerifyReport readBack(PackageDraft draft) throws TrainingFailedException {
    try {
      Files.createDirectories(scratch);
      Path folder = Files.createTempDirectory(scratch, "check-");
      try {
        ModelPackage model = ModelStore.open(folder).publish(draft);
        return ModelVerifier.verify(model, RuntimeOptions.ofThreads(1));
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new TrainingFailedException(
          "the new encoder cannot be checked in '%s': %s; make room or repair the permissions"
              .formatted(scratch, e.getMessage()),
          e);
    }
  }

  private static double largestDifference(float[] unitVector, float[] projected) {
    if (unitVector.length != projected.length) {
      return Double.NaN;
    }
    UnitLength.scale(projected);
    double largest = 0;
    for (int i = 0; i < unitVector.length; i++) {
      double difference = Math.abs((double) unitVector[i] - projected[i]);
      largest = Double.isNaN(difference) ? Double.NaN : Math.max(largest, difference);
    }
    return largest;
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
