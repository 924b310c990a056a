package dev.likeness.encoders.runtime;

import dev.likeness.encoders.runtime.ModelLoadException.Reason;
import dev.likeness.encoders.store.Batching;
import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.GoldenPair;
import dev.likeness.encoders.store.Normalization;
import dev.likeness.encoders.store.PackageDraft;
import dev.likeness.encoders.store.Pooling;
import dev.likeness.encoders.store.Sha256;
import dev.likeness.encoders.store.WeightFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

/**
 * Turns a graph into a publishable draft: runs it, measures its dimension and how it treats
 * batches, and takes the golden vector.
 */
public final class PackageAssembler {

  /** p of {@link Pooling#GEM}, the paper's usual choice. */
  public static final double GEM_POWER = 3;

  private final Clock clock;

  public PackageAssembler(Clock clock) {
    this.clock = clock;
  }

  /**
   * @param onnx the serialised graph, one input [N, 3, size, size], the described output [N, d]
   * @param dataFiles where each external data file lies, by its location in the graph
   * @throws ModelLoadException if the graph cannot be loaded or run, or gives no finite [N, d]
   *     output
   */
  public PackageDraft assemble(
      EncoderDescription description, byte[] onnx, Map<String, Path> dataFiles) {
    try (ScratchModel scratch = ScratchModel.write(onnx, dataFiles);
        OnnxRunner runner = OnnxRunner.open(scratch.onnxPath(), RuntimeOptions.defaults())) {
      GraphProbe probe = new GraphProbe(runner, description);
      float[] golden = probe.goldenFeatures();
      checkFinite(golden);
      Batching batching = probe.batching(golden);
      UnitLength.scale(golden);
      EncoderCard card =
          new EncoderCard(
              EncoderCard.FORMAT_VERSION,
              description.name().value(),
              description.architecture(),
              description.preprocess(),
              description.inputTensor(),
              description.outputTensor(),
              description.pooling(),
              description.pooling() == Pooling.GEM ? GEM_POWER : null,
              description.projection(),
              golden.length,
              Normalization.L2,
              batching,
              hashes(onnx, dataFiles),
              description.origin(),
              GoldenPair.of(golden),
              clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
              description.notes(),
              description.ensemble());
      return new PackageDraft(card, onnx, dataFiles);
    } catch (IOException failed) {
      throw new UncheckedIOException("the model's files cannot be copied for a first run", failed);
    }
  }

  private static WeightFiles hashes(byte[] onnx, Map<String, Path> dataFiles) throws IOException {
    Map<String, String> data = new TreeMap<>();
    for (Map.Entry<String, Path> file : dataFiles.entrySet()) {
      data.put(file.getKey(), Sha256.of(file.getValue()));
    }
    return new WeightFiles(Sha256.of(onnx), data);
  }

  private static void checkFinite(float[] vector) {
    boolean allZero = true;
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw new ModelLoadException(
            Reason.RUN_FAILED, "the model gives %s for a plain input".formatted(value));
      }
      allZero &= value == 0;
    }
    if (allZero) {
      throw new ModelLoadException(
          Reason.RUN_FAILED, "the model gives only zeros for a plain input");
    }
  }
}
