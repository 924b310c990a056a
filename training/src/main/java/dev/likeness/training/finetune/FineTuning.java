package dev.likeness.training.finetune;

import dev.likeness.training.finetune.FineTuneOutcome.StopReason;
import dev.likeness.training.finetune.network.Network;
import dev.likeness.training.finetune.spec.TrainedScope;
import dev.likeness.training.finetune.validate.RetrievalValidation;
import dev.likeness.training.torch.NativeRuntime;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Fine-tunes an encoder on labelled images. The network that is served is trained, and what is
 * trained is a network that can be served: same nodes, and a projection behind them.
 *
 * <p>A run that was stopped or killed goes on from its newest checkpoint when the same task is run
 * again, with the same losses as if it had not been interrupted.
 */
public final class FineTuning {

  /** Less work than this is lost when the process is killed. */
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(20);

  /** Shares of the starting weights that are tried beside none. */
  private static final double[] START_SHARES = {0.25, 0.5, 0.75};

  private FineTuning() {}

  /**
   * Runs a task to its end, or until it is asked to stop, or the virtual machine exits. One task at
   * a time in a process; the calling thread does the work.
   *
   * @throws dev.likeness.training.finetune.failure.FineTuneException if it cannot be done
   * @throws dev.likeness.training.torch.NativeRuntimeException if libtorch does not load here
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  public static FineTuneOutcome run(FineTuneTask task, FineTuneListener listener, StopSignal stop) {
    return run(task, listener, stop, CHECKPOINT_INTERVAL, Clock.systemUTC());
  }

  static FineTuneOutcome run(
      FineTuneTask task,
      FineTuneListener listener,
      StopSignal stop,
      Duration checkpointInterval,
      Clock clock) {
    NativeRuntime.load(task.spec().execution().threads());
    Checkpoints checkpoints = new Checkpoints(task, checkpointInterval, listener);
    try (ShutdownGuard guard = ShutdownGuard.around(stop);
        PreparedTask prepared = PreparedTask.of(task, listener, guard)) {
      TrainingRun run = new TrainingRun(prepared, task.spec(), checkpoints, listener, guard);
      return run.run((last, state, reason) -> finish(task, prepared, last, state, reason, clock));
    } catch (StoppedEarlyException stopped) {
      return new FineTuneOutcome.Stopped(1, 0);
    } finally {
      NativeRuntime.releaseMemory();
    }
  }

  private static FineTuneOutcome finish(
      FineTuneTask task,
      PreparedTask prepared,
      Stage last,
      RunState state,
      StopReason reason,
      Clock clock) {
    Network network = prepared.network();
    double bestShare = 0;
    RetrievalValidation.Result after = mixed(task, prepared, last, 0);
    if (task.spec().averaging().withStart()) {
      for (double share : START_SHARES) {
        RetrievalValidation.Result mixed = mixed(task, prepared, last, share);
        if (mixed.score().quality() > after.score().quality()) {
          after = mixed;
          bestShare = share;
        }
      }
    }
    last.best().restoreMixed(network.parameters(), last.start(), bestShare);
    List<String> notes = new ArrayList<>(prepared.notes());
    if (reason == StopReason.DIVERGED) {
      notes.add(
          "the loss became no number in epoch %d; the weights of epoch %d are kept"
              .formatted(state.epoch(), state.bestEpoch));
    }
    RetrievalValidation.Result before = prepared.before();
    return new FineTuneOutcome.Finished(
        new DraftWriter(task, clock)
            .draft(network, prepared.data().training().length, before.score(), after.score()),
        before.score(),
        after.score(),
        RetrievalValidation.difference(before, after, task.spec().seed()),
        reason,
        state.bestEpoch,
        bestShare,
        state.history,
        notes);
  }

  private static RetrievalValidation.Result mixed(
      FineTuneTask task, PreparedTask prepared, Stage last, double share) {
    last.best().restoreMixed(prepared.network().parameters(), last.start(), share);
    return task.spec().scope() instanceof TrainedScope.Head
        ? prepared.validateFeatures()
        : prepared.validateImages();
  }
}
