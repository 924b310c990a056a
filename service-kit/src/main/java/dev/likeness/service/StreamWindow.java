package dev.likeness.service;

import com.google.protobuf.MessageLite;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.util.ArrayDeque;

/**
 * Reads the next request of a stream only when few enough requests, in number and in bytes, wait
 * for their responses, and the client takes the responses off the connection. So a fast sender is
 * slowed down by the transport, and a client that never reads costs no more than one window. The
 * framework itself reads a stream as fast as it comes, into a queue without bound.
 *
 * <p>Asks of the service that each request gets exactly one response, in order.
 */
public final class StreamWindow<Q, R> extends SimpleForwardingServerCall<Q, R> {

  private final int maxMessages;
  private final long maxBytes;
  private final Object lock = new Object();
  private final ArrayDeque<Integer> unansweredSizes = new ArrayDeque<>();
  private long unansweredBytes;
  private int requested;
  private long wanted;

  /**
   * @param maxMessages requests without response
   * @param maxBytes of those requests; one more message may exceed it
   */
  StreamWindow(ServerCall<Q, R> call, int maxMessages, long maxBytes) {
    super(call);
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  /**
   * Starts a call behind a window; what a server interceptor returns for the streams it bounds.
   *
   * @param maxMessages requests without response, positive
   * @param maxBytes of those requests, positive; one more message may exceed it
   */
  public static <Q, R> ServerCall.Listener<Q> startCall(
      ServerCall<Q, R> call,
      Metadata headers,
      ServerCallHandler<Q, R> next,
      int maxMessages,
      long maxBytes) {
    StreamWindow<Q, R> window = new StreamWindow<>(call, maxMessages, maxBytes);
    return new SimpleForwardingServerCallListener<>(next.startCall(window, headers)) {
      @Override
      public void onMessage(Q message) {
        window.received(message);
        super.onMessage(message);
      }

      @Override
      public void onReady() {
        window.readOn();
        super.onReady();
      }
    };
  }

  /** The framework wants so many more messages; it gets them when there is room. */
  @Override
  public void request(int count) {
    synchronized (lock) {
      wanted += count;
    }
    readOn();
  }

  /** A message has arrived. */
  void received(Q message) {
    int size = message instanceof MessageLite known ? known.getSerializedSize() : 0;
    synchronized (lock) {
      requested--;
      unansweredSizes.add(size);
      unansweredBytes += size;
    }
  }

  @Override
  public void sendMessage(R message) {
    super.sendMessage(message);
    synchronized (lock) {
      Integer size = unansweredSizes.poll();
      unansweredBytes -= size == null ? 0 : size;
    }
    readOn();
  }

  /**
   * Lets the transport deliver what there is room for. One at a time: its size is not known yet.
   */
  void readOn() {
    synchronized (lock) {
      boolean room =
          requested == 0
              && unansweredSizes.size() < maxMessages
              && unansweredBytes < maxBytes
              && delegate().isReady();
      if (wanted == 0 || !room) {
        return;
      }
      wanted--;
      requested++;
    }
    delegate().request(1);
  }
}
