package dev.likeness.embedder.grpc;

import dev.likeness.embedder.batching.Deadline;
import dev.likeness.embedder.batching.EmbeddedImage;
import dev.likeness.embedder.serving.EncoderCatalog;
import dev.likeness.embedder.serving.Submission;
import dev.likeness.embedder.serving.WhenFull;
import io.grpc.Context;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands one image to the catalog on a virtual thread of its own, which may wait for a load and for
 * room. The vector is then answered by the thread that made it. When the call ends before, the
 * virtual thread is interrupted and the image skipped.
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
    Context.CancellationListener listener =
        ended -> {
          thread.interrupt();
          outcome.completeExceptionally(new CancellationException("the call has ended"));
        };
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
      CompletableFuture<EmbeddedImage> vector = submission.result();
      var _ =
          vector.whenComplete(
              (embedded, failure) -> {
                if (failure == null) {
                  outcome.complete(new EmbeddedBy(submission.model(), embedded));
                } else {
                  outcome.completeExceptionally(failure);
                }
              });
      var _ = outcome.whenComplete((embedded, gone) -> vector.cancel(false));
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
