package dev.likeness.embedder.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ServerCall;
import java.util.ArrayDeque;

/**
 * Reads the next request of a stream only when few enough requests, in number and in bytes, wait
 * for their responses, and the client takes the responses off the connection. So a fast sender is
 * slowed down by the transport, and a client that never reads costs no more than one window.
 *
 * <p>Asks of the service that each request gets exactly one response, in order.
 */
final class StreamWindow<Q, R> extends SimpleForwardingServerCall<Q, R> {

  private final int maxMessages;
  private final long maxBytes;
  private final Object lock = new Object();
  private final ArrayDeque<Integer> unansweredSizes = new ArrayDeque<>();
  private long unansweredBytes;
  private int requested;
  private int wanted;

  /**
   * @param maxMessages requests without response
   * @param maxBytes of those requests; one more message may exceed it
   */
  StreamWindow(ServerCall<Q, R> call, int maxMessages, long maxBytes) {
    super(call);
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
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
