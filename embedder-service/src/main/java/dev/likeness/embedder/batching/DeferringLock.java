package dev.likeness.embedder.batching;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A lock that does what was put off behind it: who holds it says what is to be done, and does so
 * when it is free again. So callers' code, and executors that may run a task at once, are never
 * called while it is held. Not to be taken twice.
 */
final class DeferringLock {

  private final ReentrantLock lock = new ReentrantLock();
  private List<Runnable> deferred = new ArrayList<>(); // guarded by lock

  void lock() {
    lock.lock();
  }

  void lockInterruptibly() throws InterruptedException {
    lock.lockInterruptibly();
  }

  /** Lets go, then does what was deferred, in that order. */
  void unlock() {
    List<Runnable> actions = deferred;
    deferred = new ArrayList<>();
    lock.unlock();
    actions.forEach(Runnable::run);
  }

  /** For who holds the lock. */
  void defer(Runnable action) {
    deferred.add(action);
  }

  Condition newCondition() {
    return lock.newCondition();
  }
}
