package dev.likeness.encoders.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A graph in a temporary folder with its data files beside it, where ONNX Runtime looks for them.
 */
public final class ScratchModel implements AutoCloseable {

  private final Path folder;

  private ScratchModel(Path folder) {
    this.folder = folder;
  }

  /**
   * @param dataFiles where each external data file lies, by its location in the graph; locations
   *     have been checked to stay inside
   */
  public static ScratchModel write(byte[] onnx, Map<String, Path> dataFiles) throws IOException {
    ScratchModel scratch = new ScratchModel(Files.createTempDirectory("likeness-model-"));
    try {
      for (Map.Entry<String, Path> file : dataFiles.entrySet()) {
        Path copy = scratch.folder.resolve(file.getKey());
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.copy(file.getValue(), copy);
      }
      Files.write(scratch.onnxPath(), onnx);
      return scratch;
    } catch (IOException failed) {
      scratch.close();
      throw failed;
    }
  }

  public Path onnxPath() {
    return folder.resolve("model.onnx");
  }

  @Override
  public void close() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> paths = Files.walk(folder)) {
      deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : deepestFirst) {
      Files.deleteIfExists(path);
    }
  }
}
