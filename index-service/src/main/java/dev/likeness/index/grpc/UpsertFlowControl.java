package dev.likeness.index.grpc;

import dev.likeness.index.v1.IndexServiceGrpc;
import dev.likeness.service.StreamWindow;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;

/** Puts a {@link StreamWindow} around each stream of upserts: the disk sets the pace. */
@GlobalInterceptor
@ApplicationScoped
public class UpsertFlowControl implements ServerInterceptor {

  /** One batch being written, the next ones decoded. */
  static final int BATCHES = 4;

  /** As much as the largest message: a stream of large batches has one or two in memory. */
  static final long BYTES = 64L << 20;

  @Override
  public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(
      ServerCall<ReqT, RespT> call, Metadata headers, ServerCallHandler<ReqT, RespT> next) {
    boolean upsert =
        call.getMethodDescriptor()
            .getFullMethodName()
            .equals(IndexServiceGrpc.getUpsertVectorsMethod().getFullMethodName());
    return upsert
        ? StreamWindow.startCall(call, headers, next, BATCHES, BYTES)
        : next.startCall(call, headers);
  }
}
