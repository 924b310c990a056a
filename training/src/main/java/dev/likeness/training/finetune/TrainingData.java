package dev.likeness.training.finetune;

import dev.likeness.training.finetune.data.BatchPipeline;
import dev.likeness.training.finetune.data.ClassSampler;
import dev.likeness.training.finetune.data.ImageCheck;
import dev.likeness.training.finetune.data.ImageLoader;
import dev.likeness.training.finetune.data.ImageSet;
import dev.likeness.training.finetune.data.Sampler;
import dev.likeness.training.finetune.data.StylePairSampler;
import dev.likeness.training.finetune.data.TrainingSplit;
import dev.likeness.training.finetune.data.ViewMaker;
import dev.likeness.training.finetune.failure.FineTuneException;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.Objective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** The images of a task: read, divided, and the threads that make views of them. */
final class TrainingData implements AutoCloseable {

  private static final int EVALUATION_BATCH = 32;

  private final ImageSet set;
  private final TrainingSplit split;
  private final ViewMaker views;
  private final Sampler sampler;
  private final ExecutorService threads;
  private final int[] denseLabels;
  private final int classCount;
  private final List<String> notes;

  private TrainingData(
      ImageSet set,
      TrainingSplit split,
      ViewMaker views,
      FineTuneSpec spec,
      ExecutorService threads,
      List<String> notes) {
    this.set = set;
    this.split = split;
    this.views = views;
    this.threads = threads;
    this.notes = List.copyOf(notes);
    int[] labels = set.labels();
    Map<Integer, Integer> numbers = new HashMap<>();
    for (int ordinal : split.training()) {
      numbers.putIfAbsent(labels[ordinal], numbers.size());
    }
    this.classCount = numbers.size();
    this.denseLabels =
        Arrays.stream(labels).map(label -> numbers.getOrDefault(label, -1)).toArray();
    this.sampler =
        spec.objective() == Objective.STYLE_INFO_NCE
            ? new StylePairSampler(set, split.training(), spec.batch().size() / 2, spec.seed())
            : new ClassSampler(
                split.training(),
                labels,
                spec.batch().classes(),
                spec.batch().images(),
                spec.seed());
  }

  static TrainingData open(FineTuneTask task, FineTuneListener listener) {
    FineTuneSpec spec = task.spec();
    ImageSet set = ImageSet.of(task.images());
    for (String name : new TreeSet<>(task.classes())) {
      if (!set.classNames().contains(name)) {
        throw new FineTuneException.EmptyClass(name);
      }
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            spec.execution().threads(),
            Thread.ofPlatform().daemon().name("training-images-", 0).factory());
    try {
      ImageLoader loader =
          new ImageLoader(set, task.base().card().preprocess(), spec.execution().imageCacheBytes());
      ImageCheck check =
          ImageCheck.of(loader, threads, share -> listener.onProgress("reading images", share));
      int[] usable =
          IntStream.range(0, set.size())
              .filter(ordinal -> !check.unreadable().contains(ordinal))
              .toArray();
      TrainingSplit split = TrainingSplit.of(set, usable, spec.validation(), spec.seed());
      ViewMaker views =
          new ViewMaker(
              loader,
              task.base().card().preprocess(),
              spec.augmentation(),
              split.training(),
              spec.seed());
      List<String> notes = new ArrayList<>(check.notes());
      notes.addAll(split.notes());
      return new TrainingData(set, split, views, spec, threads, notes);
    } catch (InterruptedException interrupted) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while reading images");
    } catch (RuntimeException failed) {
      threads.shutdownNow();
      throw failed;
    }
  }

  int[] training() {
    return split.training();
  }

  int[] validation() {
    return split.validation();
  }

  /** Labels of the held-out images, in their order. */
  int[] validationLabels() {
    int[] labels = set.labels();
    return Arrays.stream(split.validation()).map(ordinal -> labels[ordinal]).toArray();
  }

  /** Classes that are trained on. */
  int classCount() {
    return classCount;
  }

  /** Number of an image's class among those that are trained on. */
  int label(int ordinal) {
    return denseLabels[ordinal];
  }

  int side() {
    return views.side();
  }

  Sampler sampler() {
    return sampler;
  }

  List<String> notes() {
    return notes;
  }

  /** An epoch's batches of changed images, from one of them on. */
  BatchPipeline epoch(int epoch, int firstBatch) {
    return new BatchPipeline(
        threads,
        sampler.epoch(epoch),
        firstBatch,
        views.length(),
        (batch, place, ordinal, out, offset) ->
            views.augmented(ordinal, out, offset, epoch, batch, place));
  }

  /** Images in order as they are served. */
  BatchPipeline served(int[] ordinals) {
    return new BatchPipeline(
        threads,
        slices(ordinals),
        0,
        views.length(),
        (batch, place, ordinal, out, offset) -> views.served(ordinal, out, offset));
  }

  /** Images in order, changed; each view number gives other changes. */
  BatchPipeline changed(int[] ordinals, int view) {
    return new BatchPipeline(
        threads,
        slices(ordinals),
        0,
        views.length(),
        (batch, place, ordinal, out, offset) -> views.augmented(ordinal, out, offset, view));
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private static List<int[]> slices(int[] ordinals) {
    List<int[]> slices = new ArrayList<>();
    for (int from = 0; from < ordinals.length; from += EVALUATION_BATCH) {
      slices.add(
          Arrays.copyOfRange(ordinals, from, Math.min(from + EVALUATION_BATCH, ordinals.length)));
    }
    return slices;
  }
}
