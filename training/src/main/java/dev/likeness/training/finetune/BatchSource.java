package dev.likeness.training.finetune;

import dev.likeness.training.finetune.data.BatchPipeline;
import dev.likeness.training.finetune.data.PixelBatch;
import dev.likeness.training.finetune.network.Network;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * The batches of an epoch in their order, from some step on. Which images an epoch's steps take
 * depends on the seed alone, so that a run that goes on takes those that it would have taken.
 */
sealed interface BatchSource extends AutoCloseable {

  /** The next batch; called at most as often as the epoch has steps left. */
  LabelledValues next();

  @Override
  void close();

  /** Images, decoded and augmented while the batch before is trained on. */
  static BatchSource ofImages(PreparedTask task, int epoch, int firstStep) {
    return new Images(task, task.data().epoch(epoch, firstStep));
  }

  /** Features that were computed once, for networks of which only the head is trained. */
  static BatchSource ofFeatures(PreparedTask task, long seed, int epoch, int firstStep) {
    return new Features(task, seed, epoch, firstStep);
  }

  /** From images. */
  final class Images implements BatchSource {

    private final Network network;
    private final TrainingData data;
    private final BatchPipeline pipeline;

    private Images(PreparedTask task, BatchPipeline pipeline) {
      this.network = task.network();
      this.data = task.data();
      this.pipeline = pipeline;
    }

    @Override
    public LabelledValues next() {
      try {
        PixelBatch batch = pipeline.next();
        long[] labels = new long[batch.size()];
        for (int i = 0; i < labels.length; i++) {
          labels[i] = data.label(batch.ordinal(i));
        }
        long[] shape = {batch.size(), 3, data.side(), data.side()};
        return new LabelledValues(network.input(), batch.pixels(), shape, labels);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted while waiting for images");
      }
    }

    @Override
    public void close() {
      pipeline.close();
    }
  }

  /** From features. */
  final class Features implements BatchSource {

    private final PreparedTask task;
    private final long seed;
    private final int epoch;
    private final List<int[]> batches;
    private int next;

    private Features(PreparedTask task, long seed, int epoch, int firstStep) {
      this.task = task;
      this.seed = seed;
      this.epoch = epoch;
      this.batches = task.data().sampler().epoch(epoch);
      this.next = firstStep;
    }

    @Override
    public LabelledValues next() {
      int[] ordinals = batches.get(next++);
      int dimension = task.network().pooledDimension();
      float[] values = new float[ordinals.length * dimension];
      long[] labels = new long[ordinals.length];
      for (int i = 0; i < ordinals.length; i++) {
        float[] features = task.features().any(ordinals[i], epoch, i, seed);
        System.arraycopy(features, 0, values, i * dimension, dimension);
        labels[i] = task.data().label(ordinals[i]);
      }
      return new LabelledValues(
          task.network().pooled(), values, new long[] {ordinals.length, dimension}, labels);
    }

    @Override
    public void close() {}
  }
}
