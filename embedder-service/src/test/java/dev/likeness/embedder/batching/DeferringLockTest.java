package dev.likeness.embedder.batching;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeferringLockTest {

  private final DeferringLock lock = new DeferringLock();
  private final List<String> done = new ArrayList<>();

  @Test
  void doesWhatWasDeferredInItsOrderWhenItIsFree() {
    lock.lock();
    lock.defer(() -> done.add("first"));
    lock.defer(() -> done.add("second"));
    assertThat(done).isEmpty();
    lock.unlock();
    assertThat(done).containsExactly("first", "second");
  }

  @Test
  void doesItOnce() {
    lock.lock();
    lock.defer(() -> done.add("once"));
    lock.unlock();
    lock.lock();
    lock.unlock();
    assertThat(done).containsExactly("once");
  }

  @Test
  void canBeTakenByWhatWasDeferred() {
    lock.lock();
    lock.defer(
        () -> {
          lock.lock();
          lock.defer(() -> done.add("inner"));
          lock.unlock();
          done.add("outer");
        });
    lock.unlock();
    assertThat(done).containsExactly("inner", "outer");
  }
}
