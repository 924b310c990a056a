package dev.likeness.encoders.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A graph in a temporary folder with its data files beside it, where ONNX Runtime looks for them.
 */
public final class ScratchModel implements AutoCloseable {

  private final ScratchFolder folder;

  private ScratchModel(ScratchFolder folder) {
    this.folder = folder;
  }

  /**
   * @param dataFiles where each external data file lies, by its location in the graph; locations
   *     have been checked to stay inside
   */
  public static ScratchModel write(byte[] onnx, Map<String, Path> dataFiles) throws IOException {
    ScratchModel scratch = new ScratchModel(ScratchFolder.create());
    try {
      for (Map.Entry<String, Path> file : dataFiles.entrySet()) {
        Path copy = scratch.folder.path().resolve(file.getKey());
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
    return folder.path().resolve("model.onnx");
  }

  @Override
  public void close() throws IOException {
    folder.close();
  }
}
