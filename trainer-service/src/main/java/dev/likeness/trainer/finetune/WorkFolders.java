package dev.likeness.trainer.finetune;

import dev.likeness.trainer.job.JobId;
import dev.likeness.trainer.job.TrainingJob;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Folders for checkpoints: {@code <root>/<job>/<attempt>}. A claim renames the folder of the claim
 * before it to its own, so that a worker that lost the job without knowing it, and still writes,
 * writes where nobody reads.
 */
final class WorkFolders {

  private final Path root;

  WorkFolders(Path root) {
    this.root = root;
  }

  /** The folder of a claimed job, with what the claims before it have left. */
  Path take(TrainingJob job) throws IOException {
    Path folder = Files.createDirectories(of(job.id()));
    Path own = folder.resolve(String.valueOf(job.state().attempt()));
    List<Path> earlier = attempts(folder);
    if (!earlier.isEmpty() && !Files.exists(own)) {
      Files.move(earlier.getLast(), own, StandardCopyOption.ATOMIC_MOVE);
    }
    return Files.createDirectories(own);
  }

  /** Removes what a job that has ended has left. */
  void remove(JobId job) throws IOException {
    Path folder = of(job);
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      try {
        Files.deleteIfExists(path);
      } catch (DirectoryNotEmptyException writtenToMeanwhile) {
        return;
      }
    }
  }

  private Path of(JobId job) {
    return root.resolve(job.value());
  }

  /** By number, the newest last. */
  private static List<Path> attempts(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> entry.getFileName().toString().matches("[1-9][0-9]{0,8}"))
          .sorted(
              Comparator.comparingInt(entry -> Integer.parseInt(entry.getFileName().toString())))
          .toList();
    }
  }
}
