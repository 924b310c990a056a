package dev.likeness.training.finetune;

import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.training.execute.Mode;
import dev.likeness.training.finetune.data.BatchPipeline;
import dev.likeness.training.finetune.data.PixelBatch;
import dev.likeness.training.finetune.data.Randomness;
import dev.likeness.training.finetune.network.Network;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.Tensor;

/**
 * What the frozen backbone says of each image as it is served and in several changed views, so that
 * a head is trained without running the backbone again.
 */
final class FeatureTable {

  private final Map<Integer, float[]> served = new HashMap<>();
  private final Map<Integer, float[]>[] changed;

  @SuppressWarnings({"unchecked", "rawtypes"})
  private FeatureTable(int views) {
    this.changed = new Map[views];
    Arrays.setAll(changed, unused -> new HashMap<Integer, float[]>());
  }

  /** Makes vectors of a batch, behind one another. */
  @FunctionalInterface
  private interface Vectors {
    float[] of(PixelBatch batch);
  }

  /**
   * Runs the backbone as it came, on ONNX Runtime: nothing is trained here, and this is how it will
   * be served.
   *
   * @param views changed views of each training image, at least 0
   * @param done is told the images that are done, over all views, and may throw to stop
   */
  static FeatureTable compute(
      ModelPackage base, int threads, TrainingData data, int views, IntConsumer done) {
    FeatureTable table = new FeatureTable(views);
    int[] all = new int[data.training().length + data.validation().length];
    System.arraycopy(data.training(), 0, all, 0, data.training().length);
    System.arraycopy(data.validation(), 0, all, data.training().length, data.validation().length);
    int[] count = new int[1];
    try (OnnxImageEmbedder embedder =
        OnnxImageEmbedder.open(base, RuntimeOptions.ofThreads(threads))) {
      Vectors vectors = batch -> flat(embedder.features(batch.pixels(), batch.size()));
      fill(table.served, vectors, data.served(all), count, done);
      for (int view = 0; view < views; view++) {
        fill(table.changed[view], vectors, data.changed(data.training(), view), count, done);
      }
    }
    return table;
  }

  /** The published vectors of images as they are served, with the present weights. */
  static float[][] vectors(Network network, TrainingData data, int[] ordinals) {
    Map<Integer, float[]> found = new HashMap<>();
    int side = data.side();
    Vectors vectors =
        batch -> {
          try (TorchScope scope = TorchScope.withoutGradients()) {
            long[] shape = {batch.size(), 3, side, side};
            Tensor images = Tensors.of(batch.pixels(), shape, FloatType.FLOAT32);
            return Tensors.floats(
                network.run(network.input(), images, network.output(), Mode.EVAL));
          }
        };
    fill(found, vectors, data.served(ordinals), new int[1], unused -> {});
    return Arrays.stream(ordinals)
        .mapToObj(ordinal -> Objects.requireNonNull(found.get(ordinal)))
        .toArray(float[][]::new);
  }

  float[] served(int ordinal) {
    return Objects.requireNonNull(served.get(ordinal));
  }

  /** Some view, the served one among them, of an image for an epoch. */
  float[] any(int ordinal, int epoch, int place, long seed) {
    int view =
        Randomness.of(seed, "feature view", epoch, place, ordinal).nextInt(changed.length + 1);
    return view == changed.length
        ? served(ordinal)
        : Objects.requireNonNull(changed[view].get(ordinal));
  }

  private static float[] flat(float[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * rows[0].length, rows[0].length);
    }
    return flat;
  }

  private static void fill(
      Map<Integer, float[]> found,
      Vectors vectors,
      BatchPipeline batches,
      int[] count,
      IntConsumer done) {
    try (batches) {
      while (batches.hasNext()) {
        PixelBatch batch = batches.next();
        float[] values = vectors.of(batch);
        int dimension = values.length / batch.size();
        for (int i = 0; i < batch.size(); i++) {
          found.put(
              batch.ordinal(i), Arrays.copyOfRange(values, i * dimension, (i + 1) * dimension));
        }
        count[0] += batch.size();
        done.accept(count[0]);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while computing features");
    }
  }
}
