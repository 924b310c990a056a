package dev.likeness.trainer.grpc;

import dev.likeness.trainer.job.JobId;
import dev.likeness.trainer.job.JobStore;
import dev.likeness.trainer.job.TrainingJob;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.time.Duration;

/**
 * Follows a job in the store, whoever works on it. A slow reader misses steps in between, never the
 * last one.
 */
final class JobWatch {

  private final JobStore store;
  private final Duration interval;

  JobWatch(JobStore store, Duration interval) {
    this.store = store;
    this.interval = interval;
  }

  /** The job now and after changes; completes when it has ended. */
  Multi<TrainingJob> follow(JobId id) {
    return Multi.createFrom()
        .emitter(
            emitter -> {
              var unused = Thread.ofVirtual().name("watch-" + id).start(() -> follow(id, emitter));
            },
            BackPressureStrategy.LATEST);
  }

  private void follow(JobId id, MultiEmitter<? super TrainingJob> emitter) {
    long seen = 0;
    try {
      while (!emitter.isCancelled()) {
        TrainingJob job = store.get(id);
        if (job.revision() != seen) {
          seen = job.revision();
          emitter.emit(job);
        }
        if (job.ended()) {
          emitter.complete();
          return;
        }
        Thread.sleep(interval);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      emitter.fail(e);
    } catch (RuntimeException e) {
      emitter.fail(e);
    }
  }
}
