package dev.likeness.training.finetune;

import dev.likeness.training.execute.Parameter;
import dev.likeness.training.finetune.FineTuneOutcome.StopReason;
import dev.likeness.training.finetune.failure.FineTuneException;
import dev.likeness.training.finetune.network.Network;
import dev.likeness.training.finetune.spec.FineTuneSpec;
import dev.likeness.training.finetune.validate.RetrievalValidation;
import dev.likeness.training.finetune.validate.ValidationScore;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The stages of one task, epoch by epoch, from wherever the last run left them. */
final class TrainingRun {

  private static final int STEPS_PER_MESSAGE = 50;

  private final FineTuneSpec spec;
  private final FineTuneListener listener;
  private final StopSignal stop;
  private final PreparedTask prepared;
  private final Network network;
  private final TrainingData data;
  private final Checkpoints checkpoints;
  private final List<Stage.Plan> plans;
  private RunState state = new RunState();
  private @Nullable StopReason broken;

  TrainingRun(
      PreparedTask prepared,
      FineTuneSpec spec,
      Checkpoints checkpoints,
      FineTuneListener listener,
      StopSignal stop) {
    this.prepared = prepared;
    this.network = prepared.network();
    this.data = prepared.data();
    this.spec = spec;
    this.checkpoints = checkpoints;
    this.listener = listener;
    this.stop = stop;
    this.plans = Stage.Plan.of(spec, network);
  }

  /** What the last stage left. */
  interface Ending {
    FineTuneOutcome of(Stage last, RunState state, StopReason reason);
  }

  FineTuneOutcome run(Ending ending) {
    Optional<RunState> saved = checkpoints.saved();
    saved.ifPresent(found -> state = found);
    listener.onStart(start());
    boolean resumed = saved.isPresent();
    while (true) {
      Stage.Plan plan = plans.get(state.stage);
      try (Stage stage = new Stage(network, spec, plan, updatesPerEpoch())) {
        if (resumed) {
          checkpoints.load(stage);
        } else if (state.stage == 0) {
          state.bestQuality = validate(plan).quality();
        }
        resumed = false;
        StopReason reason = epochs(stage, plan);
        if (reason == null) {
          checkpoints.write(state, stage);
          return new FineTuneOutcome.Stopped(state.epoch(), state.step);
        }
        stage.best().restore(network.parameters());
        if (state.stage == plans.size() - 1 || reason == StopReason.DIVERGED) {
          return ending.of(stage, state, reason);
        }
        state.stage++;
        state.epochsBefore += state.epochsInStage;
        state.epochsInStage = 0;
        state.updates = 0;
        state.sinceBest = 0;
      }
    }
  }

  /** Null if it was asked to stop. */
  private @Nullable StopReason epochs(Stage stage, Stage.Plan plan) {
    while (state.epochsInStage < plan.epochs()) {
      if (state.sinceBest >= spec.validation().patience()) {
        return StopReason.NO_LONGER_BETTER;
      }
      long begun = System.nanoTime();
      int firstStep = state.step;
      if (!steps(stage, plan)) {
        return broken;
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      try {
        finishEpoch(stage, plan, firstStep == 0 ? seconds : null, begun);
      } catch (NotFiniteException runAway) {
        boolean unused = diverged(state.epoch());
        return broken;
      }
      checkpoints.writeIfDue(state, stage);
    }
    return StopReason.COMPLETED;
  }

  private void finishEpoch(Stage stage, Stage.Plan plan, @Nullable Double seconds, long begun) {
    int epoch = state.epoch();
    stage.withMean(
        () -> {
          ValidationScore score = validate(plan);
          boolean better = score.quality() > state.bestQuality;
          if (better) {
            state.bestQuality = score.quality();
            state.bestEpoch = epoch;
            stage.best().take(network.parameters());
          }
          state.sinceBest = better ? 0 : state.sinceBest + 1;
          int steps = data.sampler().batchesPerEpoch();
          double whole = (System.nanoTime() - begun) / 1e9;
          int left = plan.epochs() - state.epochsInStage - 1;
          EpochReport report =
              new EpochReport(
                  epoch,
                  plan.scope().text(),
                  state.lossSum / steps,
                  stage.engine().rate(Math.max(0, state.updates - 1)),
                  score,
                  better,
                  seconds == null
                      ? null
                      : (Double) ((double) steps * data.sampler().batchSize() / seconds),
                  seconds == null || state.stage < plans.size() - 1
                      ? null
                      : (Double) (whole * left));
          state.history.add(report);
        });
    state.epochsInStage++;
    state.step = 0;
    state.lossSum = 0;
    listener.onEpoch(state.history.getLast());
  }

  /** The rest of an epoch; false if it was stopped, or broke off. */
  private boolean steps(Stage stage, Stage.Plan plan) {
    int epoch = state.epoch();
    int steps = data.sampler().batchesPerEpoch();
    double sinceMessage = 0;
    try (BatchSource batches =
        plan.onFeatures()
            ? BatchSource.ofFeatures(prepared, spec.seed(), epoch, state.step)
            : BatchSource.ofImages(prepared, epoch, state.step)) {
      while (state.step < steps) {
        int accumulated = Math.min(spec.optimization().accumulation(), steps - state.step);
        if (stop.requested()) {
          return false;
        }
        for (int i = 0; i < accumulated; i++) {
          LabelledValues batch = batches.next();
          double loss =
              stage
                  .engine()
                  .gradients(
                      batch.tensor,
                      batch.values,
                      batch.shape,
                      batch.labels,
                      1.0 / accumulated,
                      epoch,
                      state.step);
          if (!Double.isFinite(loss)) {
            return diverged(epoch);
          }
          state.lossSum += loss;
          sinceMessage += loss;
          state.step++;
          if (state.step % STEPS_PER_MESSAGE == 0) {
            listener.onStep(
                new FineTuneListener.Step(
                    epoch,
                    state.step,
                    steps,
                    sinceMessage / STEPS_PER_MESSAGE,
                    stage.engine().rate(state.updates)));
            sinceMessage = 0;
          }
        }
        if (!stage.engine().update(state.updates)) {
          return diverged(epoch);
        }
        state.updates++;
        stage.follow(state.updates);
        if (state.step < steps) {
          checkpoints.writeIfDue(state, stage);
        }
      }
      return true;
    }
  }

  private boolean diverged(int epoch) {
    if (state.history.isEmpty()) {
      throw new FineTuneException.Diverged(epoch, spec.optimization().learningRate());
    }
    broken = StopReason.DIVERGED;
    return false;
  }

  private ValidationScore validate(Stage.Plan plan) {
    RetrievalValidation.Result result =
        plan.onFeatures() ? prepared.validateFeatures() : prepared.validateImages();
    return result.score();
  }

  private int updatesPerEpoch() {
    int accumulation = spec.optimization().accumulation();
    return Math.ceilDiv(data.sampler().batchesPerEpoch(), accumulation);
  }

  private FineTuneListener.Start start() {
    network.train(spec.scope());
    return new FineTuneListener.Start(
        data.training().length,
        data.validation().length,
        data.classCount(),
        values(network.parameters().trainable()),
        values(network.parameters().all()),
        data.sampler().batchesPerEpoch(),
        plans.stream().mapToInt(Stage.Plan::epochs).sum(),
        state.epoch() - 1,
        prepared.notes());
  }

  /** How many numbers these are, without those of the classes that are trained on. */
  private static long values(Collection<Parameter> parameters) {
    return parameters.stream()
        .filter(parameter -> !parameter.name().equals(Network.CLASSIFIER))
        .mapToLong(parameter -> parameter.tensor().numel())
        .sum();
  }
}
