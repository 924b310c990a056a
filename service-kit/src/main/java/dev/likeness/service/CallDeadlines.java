package dev.likeness.service;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.TimeUnit;

/**
 * Gives every outgoing unary call a deadline, counted from the call. The framework's own deadline
 * setting counts from the creation of the stub, after which every call fails; see ADR 0004.
 */
@GlobalInterceptor
@ApplicationScoped
public class CallDeadlines implements ClientInterceptor {

  private final PlatformConfig config;

  /** Called by the container. */
  public CallDeadlines(PlatformConfig config) {
    this.config = config;
  }

  @Override
  public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(
      MethodDescriptor<ReqT, RespT> method, CallOptions options, Channel next) {
    boolean open = options.getDeadline() == null && method.getType() == MethodType.UNARY;
    return next.newCall(
        method,
        open
            ? options.withDeadlineAfter(config.callDeadline().toMillis(), TimeUnit.MILLISECONDS)
            : options);
  }
}
