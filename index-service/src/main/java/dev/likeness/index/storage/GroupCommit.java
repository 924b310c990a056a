package dev.likeness.index.storage;

import dev.likeness.index.error.StorageFailureException;
import dev.likeness.index.vector.VectorChange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets concurrent writers share one force. Writers queue their batch and ask for the lock; whoever
 * gets it writes everything that waits, forces once and publishes, in the order of the log. The
 * others then find their batch settled. Safe for any thread.
 */
public final class GroupCommit {

  /** Who makes logged batches visible. Called by one thread at a time. */
  public interface Target {

    /**
     * Makes sure that {@code puts} more vectors can be published.
     *
     * @throws dev.likeness.index.error.IndexException if not; then the batch is not logged
     */
    void reserve(int puts);

    /**
     * Prepares {@link #publish} while the batch becomes durable; nobody sees anything of it. Called
     * for all batches of a group in their order, before the first is published.
     */
    void stage(List<VectorChange> batch);

    /** Forgets what was staged: the group did not become durable. */
    void unstage();

    /**
     * Makes a durable batch, which was staged, visible.
     *
     * @return how many vectors it replaced or removed
     */
    int publish(List<VectorChange> batch);
  }

  /**
   * What became of a batch.
   *
   * @param sequence of its record in the log
   * @param existingCount how many vectors it replaced or removed
   */
  public record Committed(long sequence, int existingCount) {}

  /** Told of every force, for metrics. */
  public interface ForceListener {
    void forced(long nanos, int batches);
  }

  /** A group is held in memory twice, as objects and as bytes. */
  private static final long MAX_GROUP_BYTES = 32 << 20;

  private final VectorLog log;
  private final Target target;
  private final ForceListener listener;
  private final Queue<Pending> queue = new ConcurrentLinkedQueue<>();
  private final ReentrantLock lock = new ReentrantLock();

  public GroupCommit(VectorLog log, Target target, ForceListener listener) {
    this.log = log;
    this.target = target;
    this.listener = listener;
  }

  /**
   * Returns when the batch is on the device and visible.
   *
   * @throws StorageFailureException if it could not be stored
   */
  public Committed commit(List<VectorChange> batch) {
    Pending pending = new Pending(batch);
    queue.add(pending);
    lock.lock();
    try {
      while (!pending.isSettled()) {
        settleGroup();
      }
    } finally {
      lock.unlock();
    }
    return pending.outcome();
  }

  /** Runs while no batch is being written: log and index agree. */
  public <T> T whileQuiet(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  private void settleGroup() {
    List<Pending> group = admitted();
    if (group.isEmpty()) {
      return;
    }
    List<List<VectorChange>> batches = group.stream().map(pending -> pending.batch).toList();
    Staging staging = new Staging(batches, target);
    long start = System.nanoTime();
    try {
      log.append(batches, staging);
    } catch (IOException e) {
      target.unstage();
      var failure = new StorageFailureException("write to the log", reason(e), e);
      group.forEach(pending -> pending.failure = failure);
      return;
    }
    listener.forced(System.nanoTime() - start, group.size());
    Throwable failure = staging.failure;
    long sequence = log.lastSequence() - group.size();
    for (Pending pending : group) {
      sequence++;
      failure = failure == null ? publish(pending, sequence) : failure;
      pending.failure = failure;
    }
    if (failure != null) {
      target.unstage();
      log.refuseWrites("a stored batch could not be applied (%s)".formatted(failure.getMessage()));
    }
  }

  /** What failed, or null. */
  private @Nullable Throwable publish(Pending pending, long sequence) {
    try {
      pending.committed = new Committed(sequence, target.publish(pending.batch));
      return null;
    } catch (RuntimeException | Error e) {
      return e;
    }
  }

  /**
   * Prepares the batches of a group; a failure waits until it is known whether they are durable.
   */
  private static final class Staging implements Runnable {
    private final List<List<VectorChange>> batches;
    private final Target target;
    private @Nullable Throwable failure;

    private Staging(List<List<VectorChange>> batches, Target target) {
      this.batches = batches;
      this.target = target;
    }

    @Override
    public void run() {
      try {
        batches.forEach(target::stage);
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }
  }

  /** Takes what waits, up to the size of a group, and refuses what there is no room for. */
  private List<Pending> admitted() {
    List<Pending> group = new ArrayList<>();
    int puts = 0;
    long bytes = 0;
    for (Pending next = queue.peek(); next != null; next = queue.peek()) {
      long more = BatchRecord.encodedBytes(next.batch);
      if (!group.isEmpty() && bytes + more > MAX_GROUP_BYTES) {
        break;
      }
      queue.remove();
      int morePuts = next.puts();
      try {
        target.reserve(puts + morePuts);
      } catch (RuntimeException | Error e) {
        next.failure = e;
        continue;
      }
      puts += morePuts;
      bytes += more;
      group.add(next);
    }
    return group;
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? "input/output error" : message;
  }

  /** One waiting batch. Its fields are guarded by the lock. */
  private static final class Pending {
    private final List<VectorChange> batch;
    private @Nullable Committed committed;
    private @Nullable Throwable failure;

    private Pending(List<VectorChange> batch) {
      this.batch = batch;
    }

    private int puts() {
      return (int) batch.stream().filter(VectorChange.Put.class::isInstance).count();
    }

    private boolean isSettled() {
      return committed != null || failure != null;
    }

    private Committed outcome() {
      if (committed != null) {
        return committed;
      }
      switch (failure) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> throw new IllegalStateException("not settled");
      }
    }
  }
}
