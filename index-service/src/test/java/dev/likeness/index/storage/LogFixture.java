package dev.likeness.index.storage;

import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Small logs whose content is easy to read: texts like "put a 1.0 2.0". */
final class LogFixture {

  static final int DIMENSION = 2;

  private LogFixture() {}

  static VectorChange put(String id, float first, float second) {
    Payload payload = Payload.of(Map.of("n", new PayloadValue.NumberValue(first)));
    return new VectorChange.Put(new VectorId(id), payload, new float[] {first, second});
  }

  static VectorChange delete(String id) {
    return new VectorChange.Delete(new VectorId(id));
  }

  static VectorLog created(Path path, FileOperations files) throws IOException {
    VectorLog.create(path, files, DIMENSION, 1);
    return VectorLog.open(path, DIMENSION, files, batch -> {}).log();
  }

  /** Opens, reads, closes. */
  static List<List<String>> recovered(Path path) throws IOException {
    List<List<String>> batches = new ArrayList<>();
    VectorLog.open(path, DIMENSION, new FileOperations(), batch -> batches.add(texts(batch)))
        .log()
        .close();
    return batches;
  }

  static List<String> texts(List<VectorChange> batch) {
    return batch.stream().map(LogFixture::text).toList();
  }

  private static String text(VectorChange change) {
    return switch (change) {
      case VectorChange.Put put ->
          "put %s %s %s".formatted(put.id(), Arrays.toString(put.values()), put.payload());
      case VectorChange.Delete delete -> "delete " + delete.id();
    };
  }

  static Path copyOf(byte[] bytes, Path path) throws IOException {
    return Files.write(path, bytes);
  }
}
