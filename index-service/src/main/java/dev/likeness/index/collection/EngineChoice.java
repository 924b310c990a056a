package dev.likeness.index.collection;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.storage.CheckedFile;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.storage.LogDamagedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * How a collection is searched; it can be changed at any time. Kept in the file {@code engine}; a
 * collection without one is exact.
 *
 * @param targetRecall share of the true neighbors that a search by graph should find, {@value
 *     #MIN_RECALL} to 1
 */
public record EngineChoice(Engine engine, double targetRecall) {

  private static final double MIN_RECALL = 0.5;

  public static final double DEFAULT_RECALL = 0.95;

  static final EngineChoice DEFAULT = new EngineChoice(Engine.EXACT, DEFAULT_RECALL);

  public EngineChoice {
    if (!(targetRecall >= MIN_RECALL && targetRecall <= 1)) {
      throw new InvalidRequestException(
          "target_recall", "must be %s to 1, is %s".formatted(MIN_RECALL, targetRecall));
    }
  }

  void write(Path directory, FileOperations files) throws IOException {
    file(directory, files)
        .write(Map.of("engine", engine.name(), "target-recall", Double.toString(targetRecall)));
  }

  /**
   * @throws LogDamagedException if the file is not what was written
   */
  static EngineChoice read(Path directory, FileOperations files) throws IOException {
    CheckedFile file = file(directory, files);
    if (!file.exists()) {
      return DEFAULT;
    }
    Map<String, String> entries = file.read();
    try {
      return new EngineChoice(
          Engine.valueOf(entries.getOrDefault("engine", "")),
          Double.parseDouble(entries.getOrDefault("target-recall", "")));
    } catch (IllegalArgumentException | InvalidRequestException e) {
      throw new LogDamagedException("engine", 0, "unreadable entry (%s)".formatted(e.getMessage()));
    }
  }

  private static CheckedFile file(Path directory, FileOperations files) {
    return new CheckedFile(directory, "engine", "engine", files);
  }
}
