package dev.likeness.training.finetune;

import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.finetune.checkpoint.CheckpointFolder;
import dev.likeness.training.finetune.network.Network;
import dev.likeness.training.finetune.network.WeightCopy;
import dev.likeness.training.finetune.schedule.CosineSchedule;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.spec.TrainedScope;
import dev.likeness.training.optimizer.Adam;
import dev.likeness.training.optimizer.AdamSettings;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Epochs of one scope: its optimizer, and the weights at its start, at its best and in the mean.
 * Owned by one thread; to be closed.
 */
final class Stage implements AutoCloseable {

  /** Early on the running mean forgets faster: (1 + updates) / (10 + updates) stays. */
  private static final double EARLY = 10;

  /** A head that was trained before has little way to go; the full rate would undo it. */
  private static final double TRAINED_HEAD = 0.1;

  /** A scope for a number of epochs. */
  record Plan(TrainedScope scope, int epochs, boolean headWasTrained) {

    /** Head first where the scope is wider, as the spec says. */
    static List<Plan> of(FineTuneSpec spec, Network network) {
      boolean headFirst =
          !(spec.scope() instanceof TrainedScope.Head)
              && spec.headEpochs() > 0
              && network.hasProjection();
      return headFirst
          ? List.of(
              new Plan(new TrainedScope.Head(), spec.headEpochs(), false),
              new Plan(spec.scope(), spec.epochs(), true))
          : List.of(new Plan(spec.scope(), spec.epochs(), false));
    }

    boolean onFeatures() {
      return scope instanceof TrainedScope.Head;
    }
  }

  private final ParameterStore parameters;
  private final Adam optimizer;
  private final StepEngine engine;
  private final WeightCopy weights;
  private final WeightCopy start;
  private final WeightCopy best;
  private final @Nullable WeightCopy mean;
  private final double meanDecay;

  /**
   * Freezes what the scope leaves out; the present weights are its start.
   *
   * @param updatesPerEpoch of weights
   */
  Stage(Network network, FineTuneSpec spec, Plan plan, int updatesPerEpoch) {
    network.train(plan.scope());
    this.parameters = network.parameters();
    this.optimizer = new Adam(parameters, AdamSettings.decayed(spec.optimization().weightDecay()));
    CosineSchedule schedule =
        CosineSchedule.of(
            spec.optimization().learningRate(),
            spec.optimization().warmUpShare(),
            (long) updatesPerEpoch * plan.epochs());
    this.engine =
        new StepEngine(
            network, spec, optimizer, schedule, plan.headWasTrained() ? TRAINED_HEAD : 1);
    var changing = network.changing(spec.optimization().batchStatistics());
    this.weights = WeightCopy.of(changing);
    this.start = WeightCopy.of(changing);
    this.best = WeightCopy.of(changing);
    this.meanDecay = spec.averaging().emaDecay();
    this.mean = meanDecay > 0 ? WeightCopy.of(changing) : null;
  }

  StepEngine engine() {
    return engine;
  }

  WeightCopy start() {
    return start;
  }

  WeightCopy best() {
    return best;
  }

  /** After each update. */
  void follow(long updates) {
    if (mean != null) {
      mean.follow(parameters, Math.min(meanDecay, (1 + updates) / (EARLY + updates)));
    }
  }

  /** Runs something with the mean in place of the weights, where there is one. */
  void withMean(Runnable evaluation) {
    if (mean == null) {
      evaluation.run();
      return;
    }
    weights.take(parameters);
    mean.restore(parameters);
    try {
      evaluation.run();
    } finally {
      weights.restore(parameters);
    }
  }

  void write(CheckpointFolder.Sink sink) throws IOException {
    weights.take(parameters);
    write(sink, "weights/", weights.tensors());
    write(sink, "start/", start.tensors());
    write(sink, "best/", best.tensors());
    if (mean != null) {
      write(sink, "mean/", mean.tensors());
    }
    write(sink, "optimizer/", optimizer.slots());
  }

  private static void write(CheckpointFolder.Sink sink, String group, Map<String, Tensor> tensors)
      throws IOException {
    for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
      float[] values;
      try (TorchScope scope = TorchScope.withoutGradients()) {
        values = Tensors.floats(tensor.getValue());
      }
      sink.tensor(group + tensor.getKey(), values);
    }
  }

  /** One tensor of a checkpoint. */
  void read(String name, float[] values) {
    int slash = name.indexOf('/') + 1;
    String rest = name.substring(slash);
    switch (name.substring(0, slash)) {
      case "weights/" -> weights.set(rest, values);
      case "start/" -> start.set(rest, values);
      case "best/" -> best.set(rest, values);
      case "mean/" -> Optional.ofNullable(mean).ifPresent(copy -> copy.set(rest, values));
      case "optimizer/" -> optimizer.restoreSlot(rest, values);
      default ->
          throw new IllegalArgumentException(
              "the checkpoint holds an unknown '%s'".formatted(name));
    }
  }

  /** After all tensors were read. */
  void resume(Map<String, Long> steps) {
    weights.restore(parameters);
    optimizer.restoreSteps(steps);
  }

  Map<String, Long> steps() {
    return new LinkedHashMap<>(optimizer.steps());
  }

  @Override
  public void close() {
    optimizer.close();
    weights.close();
    start.close();
    best.close();
    if (mean != null) {
      mean.close();
    }
  }
}
