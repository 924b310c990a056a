package dev.likeness.evaluation.competition;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Collects the first bytes of a reply; a longer one is cut off and the connection closed. Part of
 * the exchange, so the request's timeout also bounds a reply that trickles.
 */
final class BoundedBody implements HttpResponse.BodySubscriber<BoundedBody.Bytes> {
  private final int limit;
  private final ByteArrayOutputStream collected = new ByteArrayOutputStream();
  private final CompletableFuture<Bytes> body = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  BoundedBody(int limit) {
    this.limit = limit;
  }

  /** The start of a reply. */
  static final class Bytes {
    private final byte[] content;
    private final boolean cut;

    private Bytes(byte[] content, boolean cut) {
      this.content = content;
      this.cut = cut;
    }

    byte[] content() {
      return content;
    }

    /** Whether there was more. */
    boolean cut() {
      return cut;
    }
  }

  @Override
  public CompletionStage<Bytes> getBody() {
    return body;
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    newSubscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      int taken = Math.min(buffer.remaining(), limit - collected.size());
      byte[] bytes = new byte[taken];
      buffer.get(bytes);
      collected.writeBytes(bytes);
      if (buffer.hasRemaining()) {
        if (subscription != null) {
          subscription.cancel();
        }
        body.complete(new Bytes(collected.toByteArray(), true));
        return;
      }
    }
  }

  @Override
  public void onError(Throwable fault) {
    body.completeExceptionally(fault);
  }

  @Override
  public void onComplete() {
    body.complete(new Bytes(collected.toByteArray(), false));
  }
}
