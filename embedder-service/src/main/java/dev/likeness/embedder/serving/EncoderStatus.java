package dev.likeness.embedder.serving;

import dev.likeness.encoders.store.ModelPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * A version of the model store and whether it is served.
 *
 * @param failureReason why loading failed; empty otherwise
 */
public record EncoderStatus(ModelPackage model, ServingState state, String failureReason) {

  /** Bytes of the ONNX file and its external data; files that are missing count nothing. */
  public long sizeBytes() {
    long bytes = size(model.onnxPath());
    Map<String, String> data = model.card().weights().dataSha256();
    if (data != null) {
      for (String location : data.keySet()) {
        bytes += size(model.directory().resolve(location));
      }
    }
    return bytes;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException missing) {
      return 0;
    }
  }
}
