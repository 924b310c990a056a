package dev.likeness.trainer.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.trainer.job.ClaimedJobs;
import dev.likeness.trainer.job.DatabaseSettings;
import dev.likeness.trainer.job.JobDatabase;
import dev.likeness.trainer.job.JobId;
import dev.likeness.trainer.job.JobState;
import dev.likeness.trainer.job.JobState.Cancelled;
import dev.likeness.trainer.job.JobState.Failed;
import dev.likeness.trainer.job.JobState.Queued;
import dev.likeness.trainer.job.JobState.Succeeded;
import dev.likeness.trainer.job.JobStore;
import dev.likeness.trainer.job.JobStoreException;
import dev.likeness.trainer.job.Jobs;
import dev.likeness.trainer.job.MutableClock;
import dev.likeness.trainer.job.PublishedModel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class JobWorkerTest {

  static final Duration LEASE = Duration.ofSeconds(15);
  static final WorkerSettings SETTINGS =
      new WorkerSettings(
          1, LEASE, Duration.ofMillis(20), Duration.ofMillis(20), 3, Duration.ofMinutes(5));

  @TempDir Path folder;
  final MutableClock clock = new MutableClock();
  final JobId id = new JobId("j1");
  JobDatabase database;
  JobStore store;
  ClaimedJobs claims;

  @BeforeEach
  void open() {
    database = JobDatabase.open(DatabaseSettings.h2File(folder.resolve("jobs"), 8));
    store = new JobStore(database, Jobs.TEXT_EVENTS, clock);
    claims = new ClaimedJobs(database, Jobs.TEXT_EVENTS, clock);
    store.create(id, null, Jobs.spec(0));
  }

  @AfterEach
  void close() {
    database.close();
  }

  JobWorker worker(JobRunner runner) {
    return new JobWorker(claims, runner, SETTINGS, "worker", clock);
  }

  JobState state() {
    return store.get(id).state();
  }

  /** A kill -9: nothing that comes after it happens. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** A store of models that publishes once per job, and counts. */
  static final class Models {
    final Map<JobId, PublishedModel> byJob = new HashMap<>();

    PublishedModel publish(JobId job) {
      return byJob.computeIfAbsent(job, _ -> new PublishedModel(byJob.size() + 1, "f"));
    }
  }

  @Test
  void endsAJobWithItsModel() {
    PublishedModel model = new PublishedModel(1, "f");
    worker(
            (_, context) -> {
              context.progress("working", 0.5);
              context.note("all is well");
              return model;
            })
        .workOnce();
    assertThat(state())
        .isInstanceOfSatisfying(Succeeded.class, end -> assertThat(end.model()).isEqualTo(model));
    assertThat(store.get(id).notes()).containsExactly("all is well");
  }

  @Test
  void saysWhyAJobFailed() {
    worker(
            (_, _) -> {
              throw new TrainingFailedException("no images; add some");
            })
        .workOnce();
    assertThat(state())
        .isInstanceOfSatisfying(
            Failed.class, end -> assertThat(end.reason()).isEqualTo("no images; add some"));
  }

  @Test
  void hidesWhatPeopleCannotUse() {
    worker(
            (_, _) -> {
              throw new IllegalStateException("password is 123");
            })
        .workOnce();
    assertThat(state())
        .isInstanceOfSatisfying(
            Failed.class,
            end ->
                assertThat(end.reason()).contains("log").doesNotContain("password", "Exception"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void publishesOnceWhereverItsProcessIsKilled(int killedAt) {
    Models models = new Models();
    List<Integer> deaths = new ArrayList<>(List.of(killedAt));
    JobRunner runner =
        (job, context) -> {
          dieAt(0, deaths);
          context.progress("embedding", 0.1);
          dieAt(1, deaths);
          context.progress("fitting", 0.9);
          dieAt(2, deaths);
          context.confirm();
          dieAt(3, deaths);
          PublishedModel model = models.publish(job.id());
          dieAt(4, deaths);
          return model;
        };
    // Given a process that was killed in the middle of a job
    assertThatThrownBy(() -> worker(runner).workOnce()).isInstanceOf(Killed.class);
    // When its lease is over
    assertThat(worker(runner).workOnce()).isFalse();
    clock.advance(LEASE.plusMillis(1));
    assertThat(worker(runner).workOnce()).isTrue();
    // Then another one has ended the job with the one model
    assertThat(models.byJob).hasSize(1);
    assertThat(state())
        .isInstanceOfSatisfying(
            Succeeded.class,
            end -> {
              assertThat(end.attempt()).isEqualTo(2);
              assertThat(end.model().version()).isEqualTo(1);
            });
    assertThat(worker(runner).workOnce()).isFalse();
  }

  static void dieAt(int step, List<Integer> deaths) {
    if (deaths.remove((Integer) step)) {
      throw new Killed();
    }
  }

  @Test
  void givesAJobUpThatKillsEveryProcess() {
    JobRunner deadly =
        (_, _) -> {
          throw new Killed();
        };
    for (int i = 0; i < SETTINGS.maxAttempts(); i++) {
      assertThatThrownBy(() -> worker(deadly).workOnce()).isInstanceOf(Killed.class);
      clock.advance(LEASE.plusMillis(1));
    }
    worker(deadly).workOnce();
    assertThat(state())
        .isInstanceOfSatisfying(
            Failed.class,
            end ->
                assertThat(end.reason())
                    .startsWith("it was interrupted 3 times without getting further;"));
  }

  /** Saves its work once more, then its process is killed. */
  JobRunner killedAfterSaving(List<Long> places) {
    return (_, context) -> {
      if (places.isEmpty()) {
        return new PublishedModel(1, "f");
      }
      context.saved(places.removeFirst());
      throw new Killed();
    };
  }

  @Test
  void goesOnWithAJobThatGetsFurtherHoweverOftenItsProcessIsKilled() {
    int kills = 5 * SETTINGS.maxAttempts();
    List<Long> places = new ArrayList<>(LongStream.rangeClosed(1, kills).boxed().toList());
    JobRunner runner = killedAfterSaving(places);
    for (int i = 0; i < kills; i++) {
      assertThatThrownBy(() -> worker(runner).workOnce()).isInstanceOf(Killed.class);
      clock.advance(LEASE.plusMillis(1));
    }
    worker(runner).workOnce();
    assertThat(state())
        .isInstanceOfSatisfying(
            Succeeded.class, end -> assertThat(end.attempt()).isEqualTo(kills + 1));
  }

  @Test
  void givesAJobUpThatKillsItsProcessAtTheSamePlaceEachTime() {
    JobRunner runner = killedAfterSaving(new ArrayList<>(List.of(10L, 20L, 20L, 20L, 20L)));
    int kills = 2 + SETTINGS.maxAttempts();
    for (int i = 0; i < kills; i++) {
      assertThatThrownBy(() -> worker(runner).workOnce()).isInstanceOf(Killed.class);
      clock.advance(LEASE.plusMillis(1));
    }
    worker(runner).workOnce();
    assertThat(state())
        .isInstanceOfSatisfying(
            Failed.class,
            end ->
                assertThat(end.reason())
                    .startsWith(
                        "it was interrupted 3 times (5 times in all) without getting further;"));
  }

  @Test
  void countsWhatAJobSavesWhenItHasToStop() {
    for (int i = 1; i <= 2 * SETTINGS.maxAttempts(); i++) {
      long place = i;
      JobWorker[] worker = new JobWorker[1];
      worker[0] =
          worker(
              (_, context) -> {
                worker[0].close();
                try {
                  context.checkpoint();
                } catch (JobInterruptedException e) {
                  context.saved(place);
                  throw e;
                }
                throw new AssertionError("it should have been asked to stop");
              });
      worker[0].workOnce();
      assertThat(state()).isInstanceOf(Queued.class);
    }
  }

  @Test
  void runsAJobAgainThatTheStoreLeftAlone() {
    worker(
            (_, _) -> {
              throw new JobStoreException("the database restarts", new SQLException());
            })
        .workOnce();
    assertThat(state()).isInstanceOf(Queued.class);
  }

  @Test
  void twoTrainersShareTheWorkAndRunNoJobTwice() throws Exception {
    for (int i = 2; i <= 12; i++) {
      store.create(new JobId("j" + i), null, Jobs.spec(i));
    }
    Map<JobId, AtomicInteger> runs = new ConcurrentHashMap<>();
    CountDownLatch bothAtWork = new CountDownLatch(2);
    JobRunner runner =
        (job, context) -> {
          runs.computeIfAbsent(job.id(), unused -> new AtomicInteger()).incrementAndGet();
          bothAtWork.countDown();
          try {
            bothAtWork.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          context.progress("working", 0.5);
          return new PublishedModel(1, "f");
        };
    try (JobWorker one = new JobWorker(claims, runner, SETTINGS, "one", clock);
        JobWorker other = new JobWorker(claims, runner, SETTINGS, "other", clock)) {
      List<Thread> threads =
          List.of(one, other).stream()
              .map(
                  worker ->
                      Thread.ofPlatform()
                          .start(
                              () -> {
                                while (worker.workOnce()) {
                                  Thread.onSpinWait();
                                }
                              }))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
    }
    assertThat(runs).hasSize(12);
    assertThat(runs.values()).allMatch(count -> count.get() == 1);
    assertThat(store.list(20, null).jobs())
        .allMatch(job -> job.state() instanceof Succeeded && job.state().attempt() == 1);
  }

  @Test
  void leavesAJobAloneThatWasTakenOver() {
    Models models = new Models();
    JobRunner sleeper =
        (job, context) -> {
          clock.advance(LEASE.plusMillis(1));
          assertThat(worker((other, _) -> models.publish(other.id())).workOnce()).isTrue();
          context.confirm();
          return new PublishedModel(99, "never");
        };
    worker(sleeper).workOnce();
    assertThat(state())
        .isInstanceOfSatisfying(
            Succeeded.class, end -> assertThat(end.model().version()).isEqualTo(1));
  }

  @Test
  void endsACancelledJobAtItsNextCheckpoint() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    try (JobWorker worker = worker(waiting(started))) {
      worker.start();
      started.await();
      store.cancel(id);
      awaitEnd();
    }
    assertThat(state()).isInstanceOf(Cancelled.class);
  }

  @Test
  void handsItsJobBackWhenItShutsDown() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    JobWorker worker = worker(waiting(started));
    worker.start();
    assertThat(worker.alive()).isTrue();
    started.await();
    worker.close();
    assertThat(state()).isInstanceOf(Queued.class);
    assertThat(worker.alive()).isFalse();
  }

  @Test
  void keepsItsLeaseWithEachHeartbeat() {
    LeasedJob job =
        new LeasedJob(claims, claims.claim("worker", LEASE).orElseThrow(), LEASE, clock);
    for (int i = 0; i < 3; i++) {
      clock.advance(Duration.ofSeconds(10));
      job.heartbeat();
      assertThat(claims.claim("other", LEASE)).isEmpty();
    }
  }

  @Test
  void stopsAJobWhoseLeaseIsLost() {
    LeasedJob job =
        new LeasedJob(claims, claims.claim("worker", LEASE).orElseThrow(), LEASE, clock);
    clock.advance(LEASE.plusMillis(1));
    assertThat(claims.claim("other", LEASE)).isPresent();
    job.heartbeat();
    assertThatThrownBy(job::checkpoint)
        .isInstanceOfSatisfying(
            JobInterruptedException.class,
            e -> assertThat(e.interruption()).isEqualTo(JobInterruptedException.Cause.LEASE_LOST));
  }

  @Test
  void refusesSettingsThatLoseJobs() {
    assertThatThrownBy(
            () ->
                new WorkerSettings(
                    1, LEASE, Duration.ofSeconds(8), Duration.ofSeconds(1), 3, Duration.ZERO))
        .hasMessageContaining("half a lease");
  }

  private static JobRunner waiting(CountDownLatch started) {
    return (_, context) -> {
      started.countDown();
      context.pause(Duration.ofHours(1));
      return new PublishedModel(1, "never");
    };
  }

  private void awaitEnd() throws InterruptedException {
    while (!store.get(id).ended()) {
      Thread.sleep(5);
    }
  }
}
