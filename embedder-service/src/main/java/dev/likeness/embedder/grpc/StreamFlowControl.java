package dev.likeness.embedder.grpc;

import dev.likeness.embedder.config.EmbedderConfig;
import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import dev.likeness.service.StreamWindow;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import jakarta.enterprise.context.ApplicationScoped;

/** Puts a {@link StreamWindow} around each stream of images. */
@ApplicationScoped
public class StreamFlowControl implements ServerInterceptor {

  private final EmbedderConfig.Stream config;

  /** Called by the container. */
  public StreamFlowControl(EmbedderConfig config) {
    this.config = config.stream();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String method = call.getMethodDescriptor().getFullMethodName();
    if (!method.equals(EmbedderServiceGrpc.getEmbedImagesMethod().getFullMethodName())) {
      return next.startCall(call, headers);
    }
    return StreamWindow.startCall(
        call, headers, next, config.window(), config.windowBytes().asLongValue());
  }
}
