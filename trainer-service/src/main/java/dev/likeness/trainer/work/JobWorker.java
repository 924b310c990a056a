package dev.likeness.trainer.work;

import dev.likeness.trainer.job.Claim;
import dev.likeness.trainer.job.ClaimedJobs;
import dev.likeness.trainer.job.JobStoreException;
import dev.likeness.trainer.job.TrainerException;
import dev.likeness.trainer.work.JobInterruptedException.Cause;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Works on the jobs of a store with a fixed number of threads. Jobs outlive it: one whose process
 * is killed is claimed again when its lease has run out, by whoever looks for work then.
 *
 * <p>Threads: {@code trainer-worker-N} run jobs, {@code trainer-heartbeat} keeps their leases.
 */
public final class JobWorker implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(JobWorker.class);

  private final ClaimedJobs jobs;
  private final JobAttempt attempts;
  private final WorkerSettings settings;
  private final String owner;
  private final Clock clock;
  private final Set<LeasedJob> running = ConcurrentHashMap.newKeySet();
  private final Semaphore wakeUps = new Semaphore(0);
  private final List<Thread> threads = new ArrayList<>();
  private final ScheduledExecutorService heartbeats =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("trainer-heartbeat").daemon().factory());
  private volatile boolean stopping;

  /**
   * A worker that does nothing before it is started.
   *
   * @param owner name of this process, unique among those that ever use the store
   */
  public JobWorker(
      ClaimedJobs jobs, JobRunner runner, WorkerSettings settings, String owner, Clock clock) {
    this.jobs = jobs;
    this.attempts = new JobAttempt(jobs, runner, settings.maxAttempts());
    this.settings = settings;
    this.owner = owner;
    this.clock = clock;
  }

  /** Starts the threads. Called once. */
  public void start() {
    jobs.endLeasesOfDeadProcesses();
    long heartbeat = settings.heartbeat().toMillis();
    var unused =
        heartbeats.scheduleAtFixedRate(
            () -> running.forEach(LeasedJob::heartbeat),
            heartbeat,
            heartbeat,
            TimeUnit.MILLISECONDS);
    for (int i = 1; i <= settings.threads(); i++) {
      threads.add(Thread.ofPlatform().name("trainer-worker-" + i).daemon().start(this::work));
    }
  }

  /** Says that there may be work, so that it need not wait for the next look. */
  public void wake() {
    wakeUps.release();
  }

  /** Whether all threads are at work or ready for it. */
  public boolean alive() {
    return !stopping && threads.stream().allMatch(Thread::isAlive);
  }

  private void work() {
    while (!stopping) {
      try {
        if (!workOnce()) {
          var unused = wakeUps.tryAcquire(settings.poll().toMillis(), TimeUnit.MILLISECONDS);
          wakeUps.drainPermits();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (TrainerException e) {
        LOG.errorf(e, "looking for work failed; it is tried again");
        waitBeforeRetry();
      }
    }
  }

  private void waitBeforeRetry() {
    try {
      Thread.sleep(settings.poll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping = true;
    }
  }

  /**
   * Runs one job, if there is one to run, on the calling thread.
   *
   * @return whether there was one
   * @throws JobStoreException if the store does not answer
   */
  public boolean workOnce() {
    var claim = jobs.claim(owner, settings.lease());
    claim.ifPresent(this::run);
    return claim.isPresent();
  }

  private void run(Claim claim) {
    LeasedJob job = new LeasedJob(jobs, claim, settings.lease(), clock);
    running.add(job);
    try {
      if (stopping) {
        job.interrupt(Cause.SHUTDOWN);
      }
      attempts.run(job);
    } finally {
      running.remove(job);
    }
  }

  /**
   * Stops: running jobs go back to the queue at their next checkpoint. One that does not come to a
   * checkpoint in time keeps its lease and is taken over when that has run out.
   */
  @Override
  public void close() {
    stopping = true;
    running.forEach(job -> job.interrupt(Cause.SHUTDOWN));
    wakeUps.release(threads.size());
    long end = System.nanoTime() + settings.shutdownGrace().toNanos();
    try {
      for (Thread thread : threads) {
        long left = end - System.nanoTime();
        if (left > 0) {
          thread.join(java.time.Duration.ofNanos(left));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    heartbeats.shutdownNow();
  }
}
