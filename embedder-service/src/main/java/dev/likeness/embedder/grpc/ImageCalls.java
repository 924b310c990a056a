package dev.likeness.embedder.grpc;

import dev.likeness.embedder.batching.Deadline;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.serving.Submission;
import dev.likeness.embedder.serving.WhenFull;
import io.grpc.Context;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes one image through the catalog on a virtual thread of its own, which may wait for a load,
 * for room, and for the vector. When the call ends before, that thread is interrupted and the image
 * skipped.
 */
@ApplicationScoped
public class ImageCalls {

  private final EncoderCatalog catalog;

  /** Called by the container. */
  public ImageCalls(EncoderCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Starts at once and returns at once.
   *
   * @param version null for the one that serves the name
   * @param call whose deadline and cancellation count
   */
  CompletableFuture<EmbeddedBy> start(
      String encoder, @Nullable Integer version, byte[] image, WhenFull whenFull, Context call) {
    CompletableFuture<EmbeddedBy> outcome = new CompletableFuture<>();
    Deadline deadline = deadlineOf(call);
    Thread thread =
        Thread.ofVirtual()
            .name("likeness-embed")
            .start(() -> run(outcome, encoder, version, image, deadline, whenFull));
    Context.CancellationListener listener = ended -> thread.interrupt();
    call.addListener(listener, Runnable::run);
    return outcome.whenComplete((embedded, failure) -> call.removeListener(listener));
  }

  private void run(
      CompletableFuture<EmbeddedBy> outcome,
      String encoder,
      @Nullable Integer version,
      byte[] image,
      @Nullable Deadline deadline,
      WhenFull whenFull) {
    try {
      Submission submission = catalog.submit(encoder, version, image, deadline, whenFull);
      try {
        outcome.complete(new EmbeddedBy(submission.model(), submission.result().get()));
      } catch (InterruptedException gone) {
        submission.result().cancel(false);
        throw gone;
      }
    } catch (ExecutionException failure) {
      outcome.completeExceptionally(failure.getCause() == null ? failure : failure.getCause());
    } catch (InterruptedException | RuntimeException | Error failure) {
      outcome.completeExceptionally(failure);
    }
  }

  private static @Nullable Deadline deadlineOf(Context call) {
    io.grpc.Deadline deadline = call.getDeadline();
    return deadline == null
        ? null
        : new Deadline(System.nanoTime() + deadline.timeRemaining(TimeUnit.NANOSECONDS));
  }
}
