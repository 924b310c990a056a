package dev.likeness.index.grpc;

import dev.likeness.index.v1.IndexServiceGrpc;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;

/**
 * Lets at most {@value #BATCHES} unacknowledged batches of one upsert stream into memory. The
 * framework asks the transport for the next message as soon as it has handed one over, however slow
 * the disk is; here that request waits until an acknowledgement has left, and the flow control of
 * HTTP/2 then holds the sender back.
 */
@GlobalInterceptor
@ApplicationScoped
public class UpsertWindow implements ServerInterceptor {

  /** One being written, the next ones decoded. */
  static final int BATCHES = 4;

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    boolean upsert =
        call.getMethodDescriptor()
            .getFullMethodName()
            .equals(IndexServiceGrpc.getUpsertVectorsMethod().getFullMethodName());
    return next.startCall(upsert ? new WindowedCall<>(call) : call, headers);
  }

  private static final class WindowedCall<ReqT, RespT>
      extends SimpleForwardingServerCall<ReqT, RespT> {

    private final Object lock = new Object();
    private int unanswered;
    private int withheld;

    WindowedCall(ServerCall<ReqT, RespT> call) {
      super(call);
    }

    @Override
    public void request(int messages) {
      int allowed;
      synchronized (lock) {
        allowed = Math.min(messages, BATCHES - unanswered);
        unanswered += allowed;
        withheld += messages - allowed;
      }
      if (allowed > 0) {
        super.request(allowed);
      }
    }

    @Override
    public void sendMessage(RespT message) {
      super.sendMessage(message);
      boolean passOn;
      synchronized (lock) {
        passOn = withheld > 0;
        if (passOn) {
          withheld--;
        } else {
          unanswered--;
        }
      }
      if (passOn) {
        super.request(1);
      }
    }
  }
}
