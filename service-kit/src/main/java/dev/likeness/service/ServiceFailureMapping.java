package dev.likeness.service;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.ExceptionHandler;
import io.quarkus.grpc.ExceptionHandlerProvider;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Turns what a service throws into what clients see. It replaces the default of the framework,
 * which sends Java class names to clients. A service extends it once, as an application scoped
 * bean, and maps its own exceptions; an exception it does not know becomes INTERNAL with an id that
 * stands in the log.
 */
public abstract class ServiceFailureMapping implements ExceptionHandlerProvider {

  private static final Logger LOG = Logger.getLogger(ServiceFailureMapping.class);

  /** The failure of one of the service's own exceptions; empty if it is none of them. */
  protected abstract Optional<ServiceFailure> failureOf(Throwable thrown);

  /** The exception that ends the call. */
  public final StatusRuntimeException toStatusException(Throwable thrown) {
    return switch (thrown) {
      case StatusRuntimeException status -> status;
      case StatusException status -> status.getStatus().asRuntimeException(status.getTrailers());
      default -> failure(thrown).toException();
    };
  }

  /** The failure, for per-item outcomes. */
  public final ServiceFailure failure(Throwable thrown) {
    if (thrown instanceof PathOutsideRootsException e) {
      return ServiceFailure.of(Status.Code.PERMISSION_DENIED, PathOutsideRootsException.REASON, e);
    }
    return failureOf(thrown).orElseGet(() -> unknown(thrown));
  }

  private static ServiceFailure unknown(Throwable thrown) {
    String id = UUID.randomUUID().toString();
    LOG.errorf(thrown, "unexpected failure %s", id);
    return ServiceFailure.of(
        Status.Code.INTERNAL,
        "INTERNAL",
        "an unexpected failure; the service's log has the details under " + id);
  }

  @Override
  public final Throwable transform(Throwable thrown) {
    return toStatusException(thrown);
  }

  @Override
  public final <ReqT, RespT> ExceptionHandler<ReqT, RespT> createHandler(
      Listener<ReqT> listener, ServerCall<ReqT, RespT> call, Metadata metadata) {
    return new ExceptionHandler<>(listener, call, metadata) {
      @Override
      protected void handleException(
          Throwable thrown, ServerCall<ReqT, RespT> serverCall, Metadata headers) {
        StatusRuntimeException exception = toStatusException(thrown);
        Metadata trailers = exception.getTrailers();
        serverCall.close(exception.getStatus(), trailers == null ? new Metadata() : trailers);
      }
    };
  }
}
