package dev.likeness.encoders.runtime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import dev.likeness.encoders.runtime.ModelLoadException.Reason;
import java.nio.file.Path;

/** A graph as ONNX Runtime's optimisation leaves it: the same function in other operators. */
public final class SimplifiedGraph {

  /** Name of the file that holds the larger weights. */
  public static final String DATA_FILE = "simplified.data";

  private static final String INLINE_BELOW_BYTES = "1024";

  private SimplifiedGraph() {}

  /**
   * In standard operators: batch normalisation folded into convolutions, constants computed.
   *
   * @param onnx the graph; external data is looked for beside it
   * @param folder where {@code simplified.onnx} and {@link #DATA_FILE} are written
   * @return the graph's file
   * @throws ModelLoadException if ONNX Runtime refuses the graph
   */
  public static Path write(Path onnx, Path folder) {
    return write(onnx, folder, OrtSession.SessionOptions.OptLevel.BASIC_OPT);
  }

  /**
   * As it is run: with ONNX Runtime's own operators, and weights and maps in the order of memory
   * that suits this machine's registers. Of no use to another machine or version.
   *
   * @param onnx as for {@link #write}, as are the rest
   */
  public static Path writeForThisMachine(Path onnx, Path folder) {
    return write(onnx, folder, OrtSession.SessionOptions.OptLevel.ALL_OPT);
  }

  private static Path write(Path onnx, Path folder, OrtSession.SessionOptions.OptLevel level) {
    Path simplified = folder.resolve("simplified.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(level);
      // That such a graph is bound to this machine earns a warning each time.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
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
