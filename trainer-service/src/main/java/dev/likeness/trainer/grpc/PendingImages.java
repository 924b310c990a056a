package dev.likeness.trainer.grpc;

import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.trainer.pca.EmbeddingSource.Outcomes;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.trainer.work.TrainingFailedException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which images wait, are under way, and have their outcome. Owned by one thread. */
final class PendingImages {

  private final List<ImageFile> images;
  private final Outcomes outcomes;
  private final Deque<Integer> waiting = new ArrayDeque<>();
  private final SortedSet<Integer> underWay = new TreeSet<>();
  private int outcomeCount;

  PendingImages(List<ImageFile> images, Outcomes outcomes) {
    this.images = images;
    this.outcomes = outcomes;
    for (int i = 0; i < images.size(); i++) {
      waiting.add(i);
    }
  }

  boolean isDone() {
    return outcomeCount == images.size();
  }

  int outcomeCount() {
    return outcomeCount;
  }

  int underWayCount() {
    return underWay.size();
  }

  /** The next image to send, now under way; null if none waits. */
  @Nullable Integer next() {
    Integer ordinal = waiting.poll();
    if (ordinal != null) {
      underWay.add(ordinal);
    }
    return ordinal;
  }

  ImageFile image(int ordinal) {
    return images.get(ordinal);
  }

  boolean isUnderWay(int ordinal) {
    return underWay.contains(ordinal);
  }

  /** All that is under way waits again. */
  void putBack() {
    underWay.reversed().forEach(waiting::addFirst);
    underWay.clear();
  }

  void embedded(int ordinal, float[] vector, String fingerprint)
      throws TrainingFailedException, JobInterruptedException {
    end(ordinal);
    outcomes.embedded(ordinal, vector, fingerprint);
  }

  void leftOut(int ordinal, String reason) throws TrainingFailedException, JobInterruptedException {
    end(ordinal);
    outcomes.leftOut(ordinal, reason);
  }

  private void end(int ordinal) {
    underWay.remove(ordinal);
    outcomeCount++;
  }
}
