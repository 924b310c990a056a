package dev.likeness.gateway.competition;

import dev.likeness.evaluation.metrics.RetrievalMetrics;
import dev.likeness.evaluation.submission.Submission;
import dev.likeness.evaluation.submission.SubmissionException;
import dev.likeness.evaluation.submission.SubmissionFile;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.evaluation.truth.TruthException;
import dev.likeness.evaluation.truth.TruthRules;
import dev.likeness.gateway.run.InvalidRequestException;
import dev.likeness.gateway.run.RunScores;
import dev.likeness.gateway.run.RunStorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Scores submissions that clients send along with their labels. */
public final class SubmissionScoring {

  /**
   * What was measured.
   *
   * @param scores the scores, null if no query has a label
   * @param warnings what the user should know
   */
  public record Scored(@Nullable RunScores scores, List<String> warnings) {
    /** Copies the warnings. */
    public Scored {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Scores a submission of any dialect.
   *
   * @param submission the submission file
   * @param labels the labels file
   * @throws InvalidRequestException if one of the two cannot be understood; with its line
   */
  public Scored score(byte[] submission, byte[] labels) {
    try {
      Path directory = Files.createTempDirectory("likeness-score");
      try {
        return score(
            Files.write(directory.resolve("submission.json"), submission),
            Files.write(directory.resolve("labels.json"), labels),
            directory);
      } finally {
        delete(directory);
      }
    } catch (IOException e) {
      throw new RunStorageException(Path.of(System.getProperty("java.io.tmpdir", "/tmp")), e);
    }
  }

  private static Scored score(Path submissionFile, Path labelsFile, Path directory) {
    Submission submission;
    try {
      submission = SubmissionFile.read(submissionFile);
    } catch (SubmissionException e) {
      throw new InvalidRequestException("submission_json", withoutPath(e, directory));
    }
    try {
      Truth.Known truth = TruthRules.fromLabels(labelsFile, submission.answers().keySet());
      int k = submission.answers().values().stream().mapToInt(List::size).max().orElse(0);
      Optional<RunScores> scores =
          MeasuredScores.of(
              RetrievalMetrics.measure(
                  submission.answers(), truth, Math.max(1, k), RunOutputs.SEED));
      List<String> warnings = new ArrayList<>(truth.warnings());
      if (scores.isEmpty()) {
        warnings.add("the score is unknown: the submission names no image");
      }
      return new Scored(scores.orElse(null), warnings);
    } catch (TruthException.NothingMatches e) {
      return new Scored(null, List.of(withoutPath(e, directory)));
    } catch (TruthException e) {
      throw new InvalidRequestException("labels_json", withoutPath(e, directory));
    }
  }

  /** Clients know nothing of our temporary directory. */
  private static String withoutPath(RuntimeException e, Path directory) {
    return String.valueOf(e.getMessage()).replace(directory + "/", "");
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(directory);
  }
}
