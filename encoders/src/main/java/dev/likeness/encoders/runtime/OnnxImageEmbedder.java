package dev.likeness.encoders.runtime;

import dev.likeness.encoders.runtime.ModelLoadException.Reason;
import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.ModelPackage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * An encoder ready to run: image tensors in, unit vectors out. Safe for use by any number of
 * threads; closing waits for running calls.
 *
 * <p>A graph that takes one image per run, or whose vectors depend on the other images of a run, is
 * run once per image; callers need not know.
 */
public final class OnnxImageEmbedder implements AutoCloseable {

  private final EncoderCard card;
  private final OnnxRunner runner;
  private final ImageRun graph;
  private final boolean joinsImages;

  private OnnxImageEmbedder(EncoderCard card, OnnxRunner runner, boolean joinsImages) {
    this.card = card;
    this.runner = runner;
    this.joinsImages = joinsImages;
    this.graph = new ImageRun(runner, card.inputs(), card.outputTensor());
  }

  /**
   * Checks the files' hashes and loads the graph. The golden pair is {@link ModelVerifier}'s
   * matter.
   *
   * @throws dev.likeness.encoders.store.ModelStoreException if a file is missing or damaged
   * @throws ModelLoadException if the graph cannot be loaded or does not fit its card
   */
  public static OnnxImageEmbedder open(ModelPackage model, RuntimeOptions options) {
    model.checkHashes();
    return open(model.card(), model.onnxPath(), options, model.card().batching().allowed());
  }

  /**
   * Loads a graph that stands in for the one of a package, and takes one image per run.
   *
   * @param card of the package
   * @throws ModelLoadException as for {@link #open(ModelPackage, RuntimeOptions)}
   */
  public static OnnxImageEmbedder openOneByOne(
      EncoderCard card, Path onnx, RuntimeOptions options) {
    return open(card, onnx, options, false);
  }

  private static OnnxImageEmbedder open(
      EncoderCard card, Path onnx, RuntimeOptions options, boolean joinsImages) {
    OnnxRunner runner = OnnxRunner.open(onnx, options);
    try {
      card.inputs().forEach(input -> requireTensor(runner.inputs(), "input", input.name()));
      requireTensor(runner.outputs(), "output", card.outputTensor());
      return new OnnxImageEmbedder(card, runner, joinsImages);
    } catch (ModelLoadException mismatch) {
      runner.close();
      throw mismatch;
    }
  }

  public EncoderCard card() {
    return card;
  }

  /** Length of a vector. */
  public int dimension() {
    return card.dimension();
  }

  /** Floats of one image's tensors, over all inputs. */
  public int tensorLength() {
    return card.tensorLength();
  }

  /** Whether several images share one run; false means one run per image. */
  public boolean dynamicBatch() {
    return joinsImages;
  }

  /**
   * Embeds images.
   *
   * @param tensors for each image [3][size][size] floats from the encoder's preprocessor, of an
   *     ensemble for each of its inputs; more may follow and is ignored
   * @param count images, at least 1
   * @return [count][dimension], each of length 1 (a vector of zeros stays as it is)
   * @throws IllegalArgumentException if there are fewer floats than the images need
   * @throws ModelLoadException if the run fails
   * @throws IllegalStateException after {@link #close}
   */
  public float[][] embed(float[] tensors, int count) {
    float[][] vectors = features(tensors, count);
    for (float[] vector : vectors) {
      UnitLength.scale(vector);
    }
    return vectors;
  }

  /** As {@link #embed}, before the normalisation. */
  public float[][] features(float[] tensors, int count) {
    if (count < 1 || tensors.length < (long) count * tensorLength()) {
      throw new IllegalArgumentException(
          "%d images need %d floats, got %d"
              .formatted(count, (long) count * tensorLength(), tensors.length));
    }
    float[][] vectors = new float[count][];
    if (dynamicBatch() || count == 1) {
      run(tensors, count, vectors, 0);
    } else {
      for (int i = 0; i < count; i++) {
        float[] single = Arrays.copyOfRange(tensors, i * tensorLength(), (i + 1) * tensorLength());
        run(single, 1, vectors, i);
      }
    }
    return vectors;
  }

  @Override
  public void close() {
    runner.close();
  }

  private void run(float[] tensors, int count, float[][] vectors, int offset) {
    TensorValue output = graph.run(tensors, count);
    float[] values = output.values();
    if (values.length != count * dimension()) {
      throw new ModelLoadException(
          Reason.CARD_MISMATCH,
          "the model gives the shape %s for %d images, its card says %d values each"
              .formatted(output.shapeText(), count, dimension()));
    }
    for (int i = 0; i < count; i++) {
      vectors[offset + i] = Arrays.copyOfRange(values, i * dimension(), (i + 1) * dimension());
    }
  }

  private static void requireTensor(List<TensorShape> found, String kind, String expected) {
    if (found.stream().noneMatch(tensor -> tensor.name().equals(expected))) {
      throw new ModelLoadException(
          Reason.CARD_MISMATCH,
          "the model has no %s '%s', it has %s".formatted(kind, expected, found));
    }
  }
}
