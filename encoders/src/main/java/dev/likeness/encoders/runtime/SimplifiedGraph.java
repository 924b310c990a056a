package dev.likeness.encoders.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.likeness.encoders.runtime.ModelLoadException.Reason;
import java.nio.file.Path;

/**
 * A graph as ONNX Runtime's basic optimisation leaves it: the same function in standard operators,
 * batch normalisation folded into convolutions, constants computed.
 */
public final class SimplifiedGraph {

  /** Name of the file that holds the larger weights. */
  public static final String DATA_FILE = "simplified.data";

  private static final String INLINE_BELOW_BYTES = "1024";

  private SimplifiedGraph() {}

  /**
   * @param onnx the graph; external data is looked for beside it
   * @param folder where {@code simplified.onnx} and {@link #DATA_FILE} are written
   * @return the graph's file
   * @throws ModelLoadException if ONNX Runtime refuses the graph
   */
  public static Path write(Path onnx, Path folder) {
    Path simplified = folder.resolve("simplified.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.BASIC_OPT);
      options.setOptimizedModelFilePath(simplified.toString());
      options.addConfigEntry("session.optimized_model_external_initializers_file_name", DATA_FILE);
      options.addConfigEntry(
          "session.optimized_model_external_initializers_min_size_in_bytes", INLINE_BELOW_BYTES);
      OrtEnvironment.getEnvironment().createSession(onnx.toString(), options).close();
      return simplified;
    } catch (OrtException refused) {
      throw new ModelLoadException(
          Reason.UNSUPPORTED_MODEL,
          "ONNX Runtime cannot load it: " + OnnxRunner.text(refused),
          refused);
    }
  }
}
