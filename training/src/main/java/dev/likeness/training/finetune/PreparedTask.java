package dev.likeness.training.finetune;

import dev.likeness.training.execute.Mode;
import dev.likeness.training.finetune.data.Randomness;
import dev.likeness.training.finetune.network.Network;
import dev.likeness.training.finetune.network.ProjectionStart;
import dev.likeness.training.finetune.spec.Device;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.TrainedScope;
import dev.likeness.training.finetune.validate.RetrievalValidation;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.NativeRuntime;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Everything before the first step: images, network, features of the backbone as it came, the
 * head's start and the validation. The same task gives the same, so that none of it is in a
 * checkpoint. Owned by one thread; to be closed.
 */
final class PreparedTask implements AutoCloseable {

  /** Changed views of each image that a head is trained on, next to the served one. */
  private static final int FEATURE_VIEWS = 4;

  /** Java heap that these views may take. */
  private static final long FEATURE_BYTES = 128L << 20;

  /** How much of the mean variance is mixed into every direction; chosen on validation parts. */
  private static final double SHRINKAGE = 0.7;

  private final TrainingData data;
  private final Network network;
  private final FeatureTable features;
  private final RetrievalValidation validation;
  private final RetrievalValidation.Result before;
  private final List<String> notes;

  private PreparedTask(
      TrainingData data, Network network, FineTuneSpec spec, FeatureTable features) {
    this.data = data;
    this.network = network;
    this.features = features;
    this.validation = RetrievalValidation.of(data.validationLabels());
    float[][] served =
        Arrays.stream(data.validation()).mapToObj(features::served).toArray(float[][]::new);
    this.before = validation.measure(served);
    this.notes = new ArrayList<>(data.notes());
    Integer wanted = spec.head().projectionDimension();
    if (wanted != null && wanted > network.dimension()) {
      notes.add(
          "the projection has %d dimensions, as many as the network's vector"
              .formatted(network.dimension()));
    }
    if (cuda(spec)) {
      notes.add("training runs on the CUDA device");
    } else if (spec.execution().device() == Device.CUDA) {
      notes.add("training runs on the processor: libtorch finds no CUDA device");
    }
    startHead(spec);
  }

  static PreparedTask of(FineTuneTask task, FineTuneListener listener, StopSignal stop) {
    FineTuneSpec spec = task.spec();
    Network network = Network.open(task.base(), spec.head(), cuda(spec));
    TrainingData data;
    try {
      data = TrainingData.open(task, listener);
    } catch (RuntimeException failed) {
      network.close();
      throw failed;
    }
    try {
      int views = views(spec, network, data.training().length);
      int all = data.training().length * (views + 1) + data.validation().length;
      FeatureTable features =
          FeatureTable.compute(
              task.base(),
              spec.execution().threads(),
              data,
              views,
              done -> {
                listener.onProgress("computing features", (double) done / all);
                if (stop.requested()) {
                  throw new StoppedEarlyException();
                }
              });
      return new PreparedTask(data, network, spec, features);
    } catch (RuntimeException failed) {
      data.close();
      network.close();
      throw failed;
    }
  }

  private static boolean cuda(FineTuneSpec spec) {
    return spec.execution().device() != Device.CPU && NativeRuntime.cudaAvailable();
  }

  private static int views(FineTuneSpec spec, Network network, int images) {
    boolean head = spec.scope() instanceof TrainedScope.Head || spec.headEpochs() > 0;
    if (!head || !spec.augmentation().changes()) {
      return 0;
    }
    long bytes = (long) images * network.pooledDimension() * Float.BYTES;
    return (int) Math.min(FEATURE_VIEWS, FEATURE_BYTES / Math.max(1, bytes));
  }

  TrainingData data() {
    return data;
  }

  Network network() {
    return network;
  }

  FeatureTable features() {
    return features;
  }

  /** The encoder as it came. */
  RetrievalValidation.Result before() {
    return before;
  }

  List<String> notes() {
    return notes;
  }

  /**
   * With the present head on the backbone as it came.
   *
   * @throws NotFiniteException if a vector is no number
   */
  RetrievalValidation.Result validateFeatures() {
    return measure(vectors(data.validation()));
  }

  /**
   * With all present weights.
   *
   * @throws NotFiniteException if a vector is no number
   */
  RetrievalValidation.Result validateImages() {
    return measure(FeatureTable.vectors(network, data, data.validation()));
  }

  private RetrievalValidation.Result measure(float[][] vectors) {
    for (float[] vector : vectors) {
      for (float value : vector) {
        if (!Float.isFinite(value)) {
          throw new NotFiniteException();
        }
      }
    }
    return validation.measure(vectors);
  }

  @Override
  public void close() {
    data.close();
    network.close();
  }

  /** Principal directions for the projection, and the mean vector of each class to tell it by. */
  private void startHead(FineTuneSpec spec) {
    if (network.hasProjection()) {
      float[][] unit =
          Arrays.stream(data.training())
              .mapToObj(ordinal -> unit(features.served(ordinal)))
              .toArray(float[][]::new);
      network.startProjection(
          ProjectionStart.fit(
              unit, network.dimension(), SHRINKAGE, Randomness.of(spec.seed(), "projection")));
    }
    int dimension = network.dimension();
    float[] classes = new float[data.classCount() * dimension];
    float[][] vectors = vectors(data.training());
    for (int i = 0; i < vectors.length; i++) {
      float[] vector = unit(vectors[i]);
      int row = data.label(data.training()[i]) * dimension;
      for (int d = 0; d < dimension; d++) {
        classes[row + d] += vector[d];
      }
    }
    network.addClassifier(data.classCount(), classes);
  }

  private float[][] vectors(int[] ordinals) {
    int in = network.pooledDimension();
    float[] values = new float[ordinals.length * in];
    for (int i = 0; i < ordinals.length; i++) {
      System.arraycopy(features.served(ordinals[i]), 0, values, i * in, in);
    }
    float[] flat;
    try (TorchScope scope = TorchScope.withoutGradients()) {
      Tensor pooled = Tensors.of(values, new long[] {ordinals.length, in}, FloatType.FLOAT32);
      flat = Tensors.floats(network.run(network.pooled(), pooled, network.output(), Mode.EVAL));
    }
    int out = network.dimension();
    float[][] vectors = new float[ordinals.length][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = Arrays.copyOfRange(flat, i * out, (i + 1) * out);
    }
    return vectors;
  }

  private static float[] unit(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    float length = (float) Math.max(Math.sqrt(squares), 1e-12);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = vector[i] / length;
    }
    return unit;
  }
}
