package dev.likeness.encoders.execution;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.likeness.encoders.runtime.ModelLoadException;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.ScratchFolder;
import dev.likeness.encoders.runtime.SimplifiedGraph;
import dev.likeness.encoders.store.GoldenPair;
import dev.likeness.encoders.store.ModelPackage;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Opens a package for serving: its graph, or one that gives the same vectors sooner. The package's
 * files stay as they are (ADR 0025).
 */
public final class ServingGraph {

  private static final Logger LOG = System.getLogger(ServingGraph.class.getName());

  /** What a squeeze-and-excitation block is made of, among others. */
  private static final Set<String> WORTH_A_LOOK = Set.of("Conv", "GlobalAveragePool", "Mul");

  /** |a - b| / |b| of a vector before and after; rounding alone makes 1e-7. */
  private static final double TOLERANCE = 1e-5;

  private ServingGraph() {}

  /**
   * As {@link OnnxImageEmbedder#open(ModelPackage, RuntimeOptions)}. A graph that is rewritten
   * takes one image per run; one whose vector would differ, or that fails, is served as it is.
   *
   * @throws dev.likeness.encoders.store.ModelStoreException if a file is missing or damaged
   * @throws ModelLoadException if the package's own graph cannot be loaded or does not fit its card
   */
  public static OnnxImageEmbedder open(ModelPackage model, RuntimeOptions options) {
    OnnxImageEmbedder asStored = OnnxImageEmbedder.open(model, options);
    try {
      Optional<OnnxImageEmbedder> rewritten = rewritten(model, options);
      if (rewritten.isEmpty()) {
        return asStored;
      }
      if (agree(rewritten.get(), asStored)) {
        asStored.close();
        return rewritten.get();
      }
      rewritten.get().close();
      tellServedAsStored(model, "its vector would differ");
    } catch (IOException | ModelLoadException failure) {
      tellServedAsStored(model, String.valueOf(failure.getMessage()));
    }
    return asStored;
  }

  private static Optional<OnnxImageEmbedder> rewritten(ModelPackage model, RuntimeOptions options)
      throws IOException {
    if (!OperatorScan.of(model.onnxPath()).containsAll(WORTH_A_LOOK)) {
      return Optional.empty();
    }
    try (ScratchFolder folder = ScratchFolder.create()) {
      Path optimized = SimplifiedGraph.writeForThisMachine(model.onnxPath(), folder.path());
      Optional<ModelProto> scaled =
          ChannelScaling.apply(
              ModelProto.parseFrom(Files.readAllBytes(optimized)), model.card().outputTensor());
      if (scaled.isEmpty()) {
        return Optional.empty();
      }
      Path file = folder.path().resolve("serving.onnx");
      Files.write(file, scaled.get().toByteArray());
      return Optional.of(OnnxImageEmbedder.openOneByOne(model.card(), file, options));
    }
  }

  /** On the golden input; what fails there fails here. */
  private static boolean agree(OnnxImageEmbedder rewritten, OnnxImageEmbedder asStored) {
    float[] input = GoldenPair.inputTensor(asStored.tensorLength());
    try {
      return distance(rewritten.features(input, 1)[0], asStored.features(input, 1)[0]) <= TOLERANCE;
    } catch (ModelLoadException failed) {
      return false;
    }
  }

  /** Not a number if either vector holds one that is not, which is never small enough. */
  private static double distance(float[] vector, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) vector[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  private static void tellServedAsStored(ModelPackage model, String reason) {
    LOG.log(
        Level.INFO,
        "{0} is served from its graph as it is stored; a quicker form of it is not used: {1}",
        model.version(),
        reason);
  }
}
