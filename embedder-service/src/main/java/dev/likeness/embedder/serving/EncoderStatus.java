package dev.likeness.embedder.serving;

import dev.likeness.encoders.store.ModelPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A version of the model store and whether it is served.
 *
 * @param failureReason why loading failed; empty otherwise
 * @param imagesPerSecond of the network alone when it was loaded; null if it is not served
 */
public record EncoderStatus(
    ModelPackage model,
    ServingState state,
    String failureReason,
    @Nullable Double imagesPerSecond) {

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
