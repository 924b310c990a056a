package dev.likeness.training.finetune.data;

import dev.likeness.encoders.image.ImageDecodeException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Makes batches ahead of the step that uses them, in parallel, and hands them out in order. To be
 * closed, which drops what was made ahead. Owned by one thread.
 */
public final class BatchPipeline implements AutoCloseable {

  /** Batches in the making while one is in use. */
  private static final int AHEAD = 2;

  /** Makes the view at a place of a batch. */
  @FunctionalInterface
  public interface View {
    void write(int batch, int place, int ordinal, float[] out, int offset)
        throws ImageDecodeException;
  }

  private record Pending(float[] pixels, int[] ordinals, List<Future<?>> views) {}

  private final ExecutorService threads;
  private final List<int[]> batches;
  private final int viewLength;
  private final View view;
  private final Deque<Pending> pending = new ArrayDeque<>();
  private int submitted;

  /**
   * @param threads that make views; not closed here
   * @param batches ordinals of each batch
   * @param first batch to hand out, from 0; those before were used already
   * @param viewLength floats of one view
   */
  public BatchPipeline(
      ExecutorService threads, List<int[]> batches, int first, int viewLength, View view) {
    this.threads = threads;
    this.batches = List.copyOf(batches);
    this.submitted = first;
    this.viewLength = viewLength;
    this.view = view;
  }

  public boolean hasNext() {
    return !pending.isEmpty() || submitted < batches.size();
  }

  /**
   * The next batch; waits for it.
   *
   * @throws IllegalStateException if an image that could be read before no longer can
   */
  public PixelBatch next() throws InterruptedException {
    while (submitted < batches.size() && pending.size() <= AHEAD) {
      submit(submitted++);
    }
    Pending next = pending.remove();
    for (Future<?> made : next.views()) {
      try {
        made.get();
      } catch (ExecutionException failed) {
        throw new IllegalStateException(
            "an image changed while it was trained on: " + reason(failed), failed);
      }
    }
    return new PixelBatch(next.pixels(), next.ordinals());
  }

  @Override
  public void close() {
    pending.forEach(batch -> batch.views().forEach(made -> made.cancel(false)));
    pending.clear();
    submitted = batches.size();
  }

  private void submit(int batch) {
    int[] ordinals = batches.get(batch);
    float[] pixels = new float[Math.multiplyExact(ordinals.length, viewLength)];
    List<Future<?>> views = new ArrayList<>();
    for (int place = 0; place < ordinals.length; place++) {
      int at = place;
      views.add(
          threads.submit(
              () -> {
                view.write(batch, at, ordinals[at], pixels, at * viewLength);
                return null;
              }));
    }
    pending.add(new Pending(pixels, ordinals, views));
  }

  private static String reason(ExecutionException failed) {
    Throwable cause = failed.getCause();
    return String.valueOf(cause == null ? failed.getMessage() : cause.getMessage());
  }
}
