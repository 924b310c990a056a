package dev.likeness.gateway.grpc;

import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The replies of a duplex call, for a caller that sends and receives in one thread. It holds as
 * many replies as the caller has requests in flight, no more.
 */
final class StreamReplies<RequestT, ReplyT> implements ClientResponseObserver<RequestT, ReplyT> {

  /** What arrived. */
  sealed interface Event<T> {
    /** A reply. */
    record Reply<T>(T value) implements Event<T> {}

    /** The server ended the call. */
    record Completed<T>() implements Event<T> {}

    /** The call failed. */
    record Failed<T>(Throwable cause) implements Event<T> {}
  }

  private static final Duration FINISH = Duration.ofSeconds(1);

  private final BlockingQueue<Event<ReplyT>> events = new LinkedBlockingQueue<>();
  private volatile @Nullable ClientCallStreamObserver<RequestT> call;

  @Override
  public void beforeStart(ClientCallStreamObserver<RequestT> requestStream) {
    call = requestStream;
  }

  @Override
  public void onNext(ReplyT value) {
    events.add(new Event.Reply<>(value));
  }

  @Override
  public void onError(Throwable cause) {
    events.add(new Event.Failed<>(cause));
  }

  @Override
  public void onCompleted() {
    events.add(new Event.Completed<>());
  }

  /** The next event; a failure with DEADLINE_EXCEEDED if nothing arrives in time. */
  Event<ReplyT> next(Duration timeout) throws InterruptedException {
    Event<ReplyT> event = events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    return event != null
        ? event
        : new Event.Failed<>(Status.DEADLINE_EXCEEDED.asRuntimeException());
  }

  /**
   * Gives the server a moment to end a call that has all its replies, so that it sees no
   * cancellation.
   */
  void finish() throws InterruptedException {
    var _ = next(FINISH);
  }

  /** Ends the call; does nothing if it has ended. */
  void cancel() {
    ClientCallStreamObserver<RequestT> running = call;
    if (running != null) {
      running.cancel("no longer wanted", null);
    }
  }
}
