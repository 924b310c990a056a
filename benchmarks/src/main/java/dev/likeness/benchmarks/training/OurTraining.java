package dev.likeness.benchmarks.training;

import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.Parameter;
import dev.likeness.training.finetune.network.BlockwisePass;
import dev.likeness.training.finetune.network.Network;
import dev.likeness.training.finetune.spec.HeadSpec;
import dev.likeness.training.finetune.spec.TrainedScope;
import dev.likeness.training.loss.Batch;
import dev.likeness.training.loss.CrossEntropy;
import dev.likeness.training.optimizer.Adam;
import dev.likeness.training.optimizer.AdamSettings;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.NativeRuntime;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;

/**
 * Steps of all weights of a network, on the same random images again and again: forward with the
 * batch's statistics, cross-entropy of the vector, backward, AdamW.
 */
final class OurTraining implements AutoCloseable {

  private static final double LEARNING_RATE = 1e-5;
  private static final double WEIGHT_DECAY = 0.05;
  private static final long SEED = 20_240_501;

  private final Network network;
  private final Adam optimizer;
  private final float[] images;
  private final long[] shape;
  private final long[] labels;

  /**
   * @param batch images per step
   * @param threads of one operator
   * @param cuda whether it runs on the CUDA device
   */
  OurTraining(ModelPackage model, int batch, int threads, boolean cuda) {
    NativeRuntime.load(threads);
    network = Network.open(model, new HeadSpec(null, 0, false), cuda);
    network.train(new TrainedScope.All());
    optimizer = new Adam(network.parameters(), AdamSettings.decayed(WEIGHT_DECAY));
    int side = model.card().preprocess().cropSize();
    shape = new long[] {batch, 3, side, side};
    images = new float[batch * 3 * side * side];
    Random random = new Random(SEED);
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    labels = new long[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = i % network.dimension();
    }
  }

  /** Numbers that are trained. */
  long trainedValues() {
    return network.parameters().trainable().stream()
        .map(Parameter::tensor)
        .mapToLong(Tensor::numel)
        .sum();
  }

  /** Answers the images that it took. */
  long steps(int count) {
    for (int i = 0; i < count; i++) {
      step(false);
    }
    return (long) count * labels.length;
  }

  /**
   * One step.
   *
   * @param twice whether blocks are computed again for backward instead of being kept
   * @throws IllegalStateException if the loss is no number
   */
  void step(boolean twice) {
    network.parameters().clearGradients();
    double loss;
    try (TorchScope scope = TorchScope.training()) {
      Tensor input = network.parameters().placed(Tensors.of(images, shape, FloatType.FLOAT32));
      loss =
          twice
              ? new BlockwisePass(network, Mode.TRAIN).gradients(input, this::backward)
              : backward(network.run(network.input(), input, network.output(), Mode.TRAIN));
    }
    if (!Double.isFinite(loss)) {
      throw new IllegalStateException("the loss is no number");
    }
    optimizer.step(LEARNING_RATE);
  }

  private double backward(Tensor vectors) {
    Tensor loss = new CrossEntropy(0).of(Batch.of(vectors, labels).withLogits(vectors));
    loss.backward();
    return loss.item_double();
  }

  @Override
  public void close() {
    optimizer.close();
    network.close();
    NativeRuntime.releaseMemory();
  }
}
