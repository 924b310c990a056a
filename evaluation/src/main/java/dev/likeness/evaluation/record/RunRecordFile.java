package dev.likeness.evaluation.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.AtomicFile;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.file.MalformedJsonException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Writes records under a name of their own and reads them, also those of other programs. */
public final class RunRecordFile {
  private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("uuuuMMdd-HHmm");

  private RunRecordFile() {}

  /**
   * Writes {@code <encoder>_metrics_<yyyyMMdd-HHmm>.json}; when the name is taken {@code -2},
   * {@code -3}, … is added. Never replaces a file.
   *
   * @param folder the results folder, made when missing
   * @param time local time of the run
   * @return the file written
   * @throws IOException if it cannot be written
   */
  public static Path write(Path folder, RunRecord record, LocalDateTime time) throws IOException {
    byte[] content = JsonDocument.layOut(toJson(record));
    String name = fileName(record.modelName()) + "_metrics_" + MINUTE.format(time);
    for (int attempt = 1; ; attempt++) {
      Path file = folder.resolve(name + (attempt == 1 ? "" : "-" + attempt) + ".json");
      try {
        AtomicFile.writeNew(file, content);
        return file;
      } catch (FileAlreadyExistsException _) {
        // Taken by an earlier or a simultaneous run; the next name is tried.
      }
    }
  }

  /**
   * Reads a record; what is missing or of another type is null.
   *
   * @throws MalformedJsonException if the file is no JSON object
   * @throws IOException if it cannot be read
   */
  public static RunRecord read(Path file) throws IOException {
    JsonNode root = JsonDocument.read(file);
    if (!root.isObject()) {
      throw new MalformedJsonException("a run record is a JSON object", 1, 1);
    }
    return RunRecordJson.read(root);
  }

  /** The record as it is written to its file. */
  public static ObjectNode toJson(RunRecord record) {
    return RunRecordJson.write(record);
  }

  private static String fileName(@Nullable String modelName) {
    String name = modelName == null || modelName.isBlank() ? "unnamed" : modelName;
    return name.replaceAll("[^A-Za-z0-9._+-]", "_").replaceFirst("^\\.", "_");
  }
}
