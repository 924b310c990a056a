package dev.likeness.index.storage;

import static dev.likeness.index.storage.LogFixture.created;
import static dev.likeness.index.storage.LogFixture.put;
import static dev.likeness.index.storage.LogFixture.recovered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.error.StorageFailureException;
import dev.likeness.index.vector.VectorChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupCommitTest {

  private final List<List<String>> published = new ArrayList<>();
  private final List<List<String>> staged = new ArrayList<>();
  private final AtomicInteger forces = new AtomicInteger();
  private final GroupCommit.Target target = target(10, 10);

  private GroupCommit.Target target(int mostStaged) {
    return target(Integer.MAX_VALUE, mostStaged);
  }

  private GroupCommit.Target target(int mostReserved, int mostStaged) {
    return new GroupCommit.Target() {
      @Override
      public void reserve(int puts) {
        if (puts > mostReserved) {
          throw new IndexFullException(1, 1, 1);
        }
      }

      @Override
      public void stage(List<VectorChange> batch) {
        if (batch.size() > mostStaged) {
          throw new IllegalStateException("no place");
        }
        staged.add(LogFixture.texts(batch));
      }

      @Override
      public void unstage() {
        staged.clear();
      }

      @Override
      public int publish(List<VectorChange> batch) {
        assertThat(staged.removeFirst()).isEqualTo(LogFixture.texts(batch));
        published.add(LogFixture.texts(batch));
        return 0;
      }
    };
  }

  @Test
  void waitingBatchesShareOneForceInTheOrderOfTheLog(@TempDir Path directory)
      throws IOException, InterruptedException {
    // Given: six writers that all wait while somebody holds the log
    Path path = directory.resolve("vectors.log");
    try (VectorLog log = created(path, new FileOperations())) {
      GroupCommit commits = new GroupCommit(log, target, (nanos, n) -> forces.incrementAndGet());
      List<Thread> writers = new ArrayList<>();
      CountDownLatch ready = new CountDownLatch(6);
      commits.whileQuiet(
          () -> {
            for (int i = 0; i < 6; i++) {
              List<VectorChange> batch = List.of(put("v" + i, i, i));
              writers.add(
                  Thread.ofPlatform()
                      .start(
                          () -> {
                            ready.countDown();
                            commits.commit(batch);
                          }));
            }
            awaitBlocked(ready, writers);
            return true;
          });

      // When
      for (Thread writer : writers) {
        writer.join();
      }

      // Then
      assertThat(forces).hasValue(1);
      assertThat(published).hasSize(6);
    }
    assertThat(recovered(path)).isEqualTo(published);
  }

  @Test
  void batchWithoutRoomIsRefusedAloneAndNotLogged(@TempDir Path directory) throws IOException {
    Path path = directory.resolve("vectors.log");
    try (VectorLog log = created(path, new FileOperations())) {
      GroupCommit commits = new GroupCommit(log, target, (nanos, n) -> {});
      List<VectorChange> tooMany = new ArrayList<>();
      for (int i = 0; i < 11; i++) {
        tooMany.add(put("v" + i, i, i));
      }
      assertThatThrownBy(() -> commits.commit(tooMany)).isInstanceOf(IndexFullException.class);
      assertThat(commits.commit(List.of(put("a", 1, 2))).sequence()).isEqualTo(1);
    }
    assertThat(recovered(path)).hasSize(1).isEqualTo(published);
  }

  @Test
  void failedWriteIsReportedAndNotPublished(@TempDir Path directory) throws IOException {
    FaultingFileOperations files = new FaultingFileOperations();
    try (VectorLog log = created(directory.resolve("vectors.log"), files)) {
      GroupCommit commits = new GroupCommit(log, target, (nanos, n) -> {});
      files.failAt(0, 0.5, true);
      assertThatThrownBy(() -> commits.commit(List.of(put("a", 1, 2))))
          .isInstanceOf(StorageFailureException.class)
          .hasMessageContaining("No space left on device")
          .hasMessageContaining("nothing was acknowledged");
      assertThat(published).isEmpty();
    }
  }

  @Test
  void aBatchIsStagedBeforeItIsForced(@TempDir Path directory) throws IOException {
    try (VectorLog log = created(directory.resolve("vectors.log"), new FileOperations())) {
      GroupCommit commits =
          new GroupCommit(log, target(1 << 20), (nanos, n) -> assertThat(staged).hasSize(1));
      commits.commit(large());
      assertThat(published).hasSize(1);
    }
  }

  /** The bytes go to the disk in three parts; after them comes the force. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void whatWasWrittenAndStagedIsForgottenWhenAPartFails(int part, @TempDir Path directory)
      throws IOException {
    Path path = directory.resolve("vectors.log");
    FaultingFileOperations files = new FaultingFileOperations();
    try (VectorLog log = created(path, files)) {
      GroupCommit commits = new GroupCommit(log, target(1 << 20), (nanos, n) -> {});
      files.failAt(part, 0.5, true);
      assertThatThrownBy(() -> commits.commit(large())).isInstanceOf(StorageFailureException.class);
      assertThat(staged).isEmpty();
      assertThat(commits.commit(large()).sequence()).isEqualTo(1);
      assertThat(published).hasSize(1);
    }
    assertThat(recovered(path)).isEqualTo(published);
  }

  @Test
  void whatWasStagedIsForgottenWhenTheForceFails(@TempDir Path directory) throws IOException {
    FaultingFileOperations files = new FaultingFileOperations();
    try (VectorLog log = created(directory.resolve("vectors.log"), files)) {
      GroupCommit commits = new GroupCommit(log, target(1 << 20), (nanos, n) -> {});
      files.failAt(3, 0, true);
      assertThatThrownBy(() -> commits.commit(large())).isInstanceOf(StorageFailureException.class);
      assertThat(staged).isEmpty();
      assertThat(published).isEmpty();
      assertThat(log.brokenBecause()).isPresent();
    }
  }

  @Test
  void aBatchThatCannotBeStagedEndsWriting(@TempDir Path directory) throws IOException {
    try (VectorLog log = created(directory.resolve("vectors.log"), new FileOperations())) {
      GroupCommit commits = new GroupCommit(log, target(3), (nanos, n) -> {});
      List<VectorChange> four = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        four.add(put("v" + i, i, i));
      }
      assertThatThrownBy(() -> commits.commit(four)).isInstanceOf(IllegalStateException.class);
      assertThat(log.brokenBecause()).isPresent();
      assertThat(published).isEmpty();
    }
  }

  /** About 1.3 MB. */
  private static List<VectorChange> large() {
    List<VectorChange> batch = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      batch.add(put("v" + i, i, i));
    }
    return batch;
  }

  /** Returns when all threads wait for the lock. */
  private static void awaitBlocked(CountDownLatch ready, List<Thread> threads) {
    try {
      ready.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    for (Thread thread : threads) {
      while (thread.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
  }
}
