package dev.likeness.gateway.grpc;

import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunId;
import dev.likeness.gateway.run.RunStore;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;

/** The states of a run as a stream that ends with the run. */
final class RunWatch {

  private final RunStore store;
  private final RunId id;
  private final MultiEmitter<? super Run> emitter;

  private RunWatch(RunStore store, RunId id, MultiEmitter<? super Run> emitter) {
    this.store = store;
    this.id = id;
    this.emitter = emitter;
  }

  /** The run now and after every change; a slow reader gets the latest state only. */
  static Multi<Run> of(RunStore store, RunId id) {
    return Multi.createFrom()
        .emitter(emitter -> new RunWatch(store, id, emitter).start(), BackPressureStrategy.LATEST);
  }

  /** Listens first and looks then, so that no change falls between. */
  private void start() {
    Runnable end =
        store.listen(
            run -> {
              if (run.id().equals(id)) {
                look();
              }
            });
    emitter.onTermination(end);
    look();
  }

  /** Emits what the store has now, so that states never go backwards. */
  private synchronized void look() {
    store
        .find(id)
        .ifPresent(
            run -> {
              emitter.emit(run);
              if (run.state().isFinal()) {
                emitter.complete();
              }
            });
  }
}
