package dev.likeness.gateway.competition;

import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunResult;
import dev.likeness.gateway.run.RunStage;
import dev.likeness.gateway.run.RunState;
import dev.likeness.gateway.run.RunStore;
import dev.likeness.gateway.run.RunWork;
import dev.likeness.gateway.run.StageSeconds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;

/**
 * The run while a worker has it: every change goes through here. What a restart needs is saved at
 * once, counts and times at most once a second. Owned by one thread.
 */
final class RunProgress {

  private static final Duration SAVE_EVERY = Duration.ofSeconds(1);

  private final RunStore store;
  private final Clock clock;
  private Run run;
  private Instant lastSave;

  RunProgress(RunStore store, Run run, Clock clock) {
    this.store = store;
    this.run = run;
    this.clock = clock;
    this.lastSave = clock.instant();
  }

  Run run() {
    return run;
  }

  RunWork work() {
    return run.work();
  }

  Instant now() {
    return clock.instant();
  }

  /** The running state; a queued run starts with this call. */
  RunState.Running running() {
    return switch (run.state()) {
      case RunState.Running running -> running;
      case RunState.Queued queued -> {
        RunState.Running running = queued.start(clock.instant());
        save(run.with(running));
        yield running;
      }
      case RunState.Succeeded _, RunState.Failed _ ->
          throw new IllegalStateException("the run has ended");
    };
  }

  void enter(RunStage stage, int total) {
    save(run.with(running().enter(stage, total)));
  }

  void advance(int done) {
    show(run.with(running().advance(done)));
  }

  void spent(StageSeconds seconds, int largestBatch) {
    show(run.with(run.work().spent(seconds, largestBatch)));
  }

  void warn(String warning) {
    Run warned = run.withWarning(warning);
    if (!warned.equals(run)) {
      save(warned);
    }
  }

  void leaveOut(RunStage stage, SortedMap<String, String> leftOut) {
    save(run.with(run.work().leaveOut(stage, leftOut)));
  }

  void pin(String fingerprint) {
    save(run.with(run.work().pin(fingerprint)));
  }

  void startOver(String why) {
    save(run.with(run.work().startOver()).withWarning(why + "; the run started over"));
  }

  /** Work done so far, with the wall time since the run was first taken. */
  StageSeconds seconds() {
    Duration wall = Duration.between(running().startTime(), clock.instant());
    return run.work().seconds().withTotal(Math.max(0, wall.toNanos() / 1e9));
  }

  void succeed(RunResult result) {
    save(run.with(running().succeed(result, clock.instant())));
  }

  void fail(String reason) {
    Run failed = run.with(running().fail(reason, clock.instant()));
    run = failed;
    store.show(failed);
    store.save(failed);
  }

  private void show(Run next) {
    if (Duration.between(lastSave, clock.instant()).compareTo(SAVE_EVERY) >= 0) {
      save(next);
      return;
    }
    run = next;
    store.show(next);
  }

  private void save(Run next) {
    store.save(next);
    run = next;
    lastSave = clock.instant();
  }
}
