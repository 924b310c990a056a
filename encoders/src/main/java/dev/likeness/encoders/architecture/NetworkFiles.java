package dev.likeness.encoders.architecture;

import java.nio.file.Path;
import java.util.Map;

/** A network with its weights, serialised. */
public final class NetworkFiles {

  private final byte[] onnx;
  private final Map<String, Path> dataFiles;

  NetworkFiles(byte[] onnx, Map<String, Path> dataFiles) {
    this.onnx = onnx;
    this.dataFiles = Map.copyOf(dataFiles);
  }

  /** The serialised graph; shared, read only by agreement. */
  public byte[] onnx() {
    return onnx;
  }

  /** Where each external data file lies, by its location in the graph; empty for most networks. */
  public Map<String, Path> dataFiles() {
    return dataFiles;
  }
}
