package dev.likeness.training.finetune.checkpoint;

import dev.likeness.training.finetune.failure.FineTuneException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The checkpoints of one task. A checkpoint is whole or absent: it is written under another name,
 * synchronised and renamed. The newest and the one before it are kept. Used by one process at a
 * time.
 */
public final class CheckpointFolder {

  private static final String PREFIX = "checkpoint-";
  private static final String SUFFIX = ".lkc";
  private static final String UNFINISHED = ".part";
  private static final int KEPT = 2;

  private final Path folder;

  /** Writes tensors into a checkpoint, each as a flat array. */
  @FunctionalInterface
  public interface Tensors {
    void writeTo(Sink sink) throws IOException;
  }

  /** Takes one tensor after another. */
  @FunctionalInterface
  public interface Sink {
    void tensor(String name, float[] values) throws IOException;
  }

  public CheckpointFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Adds a checkpoint.
   *
   * @param number higher than that of all before
   * @throws FineTuneException.CheckpointNotWritten if the disk is full or cannot be written; those
   *     before stay
   */
  public void write(long number, Map<String, String> values, Tensors tensors) {
    Path whole = folder.resolve(PREFIX + "%012d".formatted(number) + SUFFIX);
    Path part = folder.resolve(whole.getFileName() + UNFINISHED);
    try {
      Files.createDirectories(folder);
      try (CheckpointWriter writer = new CheckpointWriter(part, values)) {
        tensors.writeTo(writer::tensor);
        writer.finish();
      }
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      synchronise();
      List<Path> all = newestFirst();
      for (Path old : all.subList(Math.min(KEPT, all.size()), all.size())) {
        Files.delete(old);
      }
    } catch (IOException failed) {
      deleteQuietly(part);
      throw new FineTuneException.CheckpointNotWritten(folder, failed);
    }
  }

  /**
   * The values of the newest whole checkpoint; damaged ones are passed over.
   *
   * @throws FineTuneException.CheckpointNotUsable if there are checkpoints and none is whole
   */
  public Optional<Map<String, String>> newest() {
    List<Path> all = all();
    for (Path file : all) {
      try {
        return Optional.of(CheckpointReader.read(file, (name, values) -> {}));
      } catch (IOException damaged) {
        continue;
      }
    }
    if (!all.isEmpty()) {
      throw new FineTuneException.CheckpointNotUsable(
          "all checkpoints in %s are damaged; remove the folder to start anew".formatted(folder),
          null);
    }
    return Optional.empty();
  }

  /**
   * Reads the tensors of the checkpoint that {@link #newest} found.
   *
   * @param tensor is told each tensor
   */
  public void readNewest(BiConsumer<String, float[]> tensor) {
    for (Path file : all()) {
      try {
        CheckpointReader.read(file, (name, values) -> {});
        Map<String, String> unused = CheckpointReader.read(file, tensor);
        return;
      } catch (IOException damaged) {
        continue;
      }
    }
  }

  private List<Path> all() {
    try {
      return newestFirst();
    } catch (IOException unreadable) {
      throw new FineTuneException.CheckpointNotUsable(
          "the checkpoints in %s cannot be read".formatted(folder), unreadable);
    }
  }

  private List<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .sorted(Comparator.comparing((Path file) -> file.getFileName().toString()).reversed())
          .toList();
    }
  }

  /** The rename, too, is on the disk then. Not every platform can open a folder. */
  private void synchronise() {
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    } catch (IOException unsupported) {
      return;
    }
  }

  private static void deleteQuietly(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException left) {
      return;
    }
  }
}
