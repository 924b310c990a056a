package dev.likeness.encoders.runtime;

import dev.likeness.encoders.runtime.ModelLoadException.Reason;
import dev.likeness.encoders.store.Batching;
import dev.likeness.encoders.store.GoldenPair;
import java.util.Arrays;

/**
 * Runs a graph to learn what it does: with one image, and with two that differ.
 *
 * <p>Operators such as DynamicQuantizeLinear take their scale over the whole batch, so that an
 * image's vector depends on its neighbours. That shows when the same image is run alone and beside
 * a louder one.
 */
final class GraphProbe {

  /** Between batch sizes, kernels sum in another order; more than this is not rounding. */
  private static final double INVARIANCE_TOLERANCE = 1e-5;

  private final ImageRun graph;
  private final EncoderDescription description;
  private final int tensorLength;

  GraphProbe(OnnxRunner runner, EncoderDescription description) {
    this.graph = new ImageRun(runner, description.inputs(), description.outputTensor());
    this.description = description;
    this.tensorLength = graph.tensorLength();
  }

  /** The output for the golden input, not normalised. */
  float[] goldenFeatures() {
    TensorValue value = graph.run(GoldenPair.inputTensor(tensorLength), 1);
    if (value.rank() != 2 || value.size(0) != 1) {
      throw new ModelLoadException(
          Reason.CARD_MISMATCH,
          "output '%s' has the shape %s for one image; an embedding is [1, dimension]"
              .formatted(description.outputTensor(), value.shapeText()));
    }
    return value.values();
  }

  Batching batching(float[] goldenFeatures) {
    float[] quiet = GoldenPair.inputTensor(tensorLength);
    float[] pair = Arrays.copyOf(quiet, 2 * tensorLength);
    for (int i = 0; i < tensorLength; i++) {
      pair[tensorLength + i] = 3 * quiet[tensorLength - 1 - i] + 1;
    }
    TensorValue together;
    try {
      together = graph.run(pair, 2);
    } catch (ModelLoadException fixedBatch) {
      return new Batching(false, true);
    }
    int dimension = goldenFeatures.length;
    if (together.rank() != 2 || together.size(0) != 2 || together.size(1) != dimension) {
      return new Batching(false, true);
    }
    float[] loud = Arrays.copyOfRange(pair, tensorLength, 2 * tensorLength);
    float[] alone = graph.run(loud, 1).values();
    boolean invariant =
        difference(goldenFeatures, together.values(), 0) <= INVARIANCE_TOLERANCE
            && difference(alone, together.values(), dimension) <= INVARIANCE_TOLERANCE;
    return new Batching(true, invariant);
  }

  /** Largest difference of a component, relative to the vector's length. */
  private static double difference(float[] alone, float[] together, int offset) {
    double squares = 0;
    double largest = 0;
    for (int i = 0; i < alone.length; i++) {
      squares += (double) alone[i] * alone[i];
      double difference = Math.abs((double) alone[i] - together[offset + i]);
      largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
    }
    return squares > 0 ? largest / Math.sqrt(squares) : largest;
  }
}
