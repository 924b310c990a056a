package dev.likeness.gateway.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.peer.PeerName;
import dev.likeness.service.ServiceFailure;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Status of a peer → exception of the domain, and back again for the gateway's own clients. */
final class PeerFailures {

  private static final Duration RETRY = Duration.ofSeconds(1);

  private PeerFailures() {}

  /** What a failed call means. */
  static PeerException of(PeerName peer, Throwable thrown) {
    Status status = Status.fromThrowable(thrown);
    return of(peer, Optional.ofNullable(StatusProto.fromThrowable(thrown)), status, thrown);
  }

  /** What the outcome of one item means. */
  static PeerException of(PeerName peer, com.google.rpc.Status item) {
    StatusRuntimeException thrown = StatusProto.toStatusRuntimeException(item);
    return of(peer, Optional.of(item), thrown.getStatus(), thrown);
  }

  /** The stable reason of a status; empty if it has none. */
  static String reason(com.google.rpc.Status status) {
    return detail(status, ErrorInfo.class).map(ErrorInfo::getReason).orElse("");
  }

  private static PeerException of(
      PeerName peer, Optional<com.google.rpc.Status> details, Status status, Throwable thrown) {
    String reason = details.map(PeerFailures::reason).orElse("");
    boolean retry = details.flatMap(some -> detail(some, RetryInfo.class)).isPresent();
    String message = message(peer, status, reason);
    return switch (status.getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, ABORTED ->
          new PeerException.Unavailable(peer, message, false, thrown);
      // A connection that is cut in the middle may show as INTERNAL or UNKNOWN, without details.
      case INTERNAL, UNKNOWN ->
          new PeerException.Unavailable(peer, message, !reason.isEmpty(), thrown);
      case RESOURCE_EXHAUSTED ->
          retry
              ? new PeerException.Unavailable(peer, message, false, thrown)
              : new PeerException.Refused(peer, reason, message, thrown);
      case FAILED_PRECONDITION ->
          reason.equals("ENCODER_NOT_LOADED")
              ? new PeerException.Unavailable(peer, message, true, thrown)
              : new PeerException.Refused(peer, reason, message, thrown);
      default -> new PeerException.Refused(peer, reason, message, thrown);
    };
  }

  private static String message(PeerName peer, Status status, String reason) {
    String description =
        Optional.ofNullable(status.getDescription())
            .flatMap(text -> text.lines().findFirst())
            .orElse("");
    if (!reason.isEmpty()) {
      return description;
    }
    return switch (status.getCode()) {
      case UNAVAILABLE, INTERNAL, UNKNOWN, CANCELLED ->
          "the %s cannot be reached; is it running?".formatted(peer.text());
      case DEADLINE_EXCEEDED -> "the %s did not answer in time".formatted(peer.text());
      default ->
          "the %s answered %s %s".formatted(peer.text(), status.getCode(), description).strip();
    };
  }

  /** The same failure for a client of the gateway, with the peer's details. */
  static ServiceFailure toFailure(PeerException exception) {
    Throwable cause = exception.getCause();
    Optional<com.google.rpc.Status> status =
        cause instanceof StatusRuntimeException || cause instanceof StatusException
            ? Optional.ofNullable(StatusProto.fromThrowable(cause))
            : Optional.empty();
    String message = String.valueOf(exception.getMessage());
    String reason = status.map(PeerFailures::reason).orElse("");
    if (status.isEmpty() || reason.isEmpty()) {
      return withoutDetails(exception, cause, message);
    }
    return new ServiceFailure(
        Status.fromCodeValue(status.get().getCode()).getCode(),
        reason,
        message,
        detail(status.get(), BadRequest.class)
            .filter(request -> request.getFieldViolationsCount() > 0)
            .map(request -> request.getFieldViolations(0).getField())
            .orElse(null),
        detail(status.get(), RetryInfo.class)
            .map(
                info ->
                    Duration.ofSeconds(
                        info.getRetryDelay().getSeconds(), info.getRetryDelay().getNanos()))
            .orElse(null));
  }

  private static ServiceFailure withoutDetails(
      PeerException exception, @org.jspecify.annotations.Nullable Throwable cause, String message) {
    Code code = cause == null ? Code.UNKNOWN : Status.fromThrowable(cause).getCode();
    String peer = exception.peer().text().toUpperCase(Locale.ROOT);
    return switch (exception) {
      case PeerException.Unavailable _ ->
          code == Code.DEADLINE_EXCEEDED
              ? ServiceFailure.of(code, "DEADLINE_EXCEEDED", message)
              : new ServiceFailure(Code.UNAVAILABLE, peer + "_UNAVAILABLE", message, null, RETRY);
      case PeerException.Refused _ ->
          ServiceFailure.of(
              code == Code.OK || code == Code.UNKNOWN ? Code.INTERNAL : code,
              peer + "_REFUSED",
              message);
    };
  }

  private static <T extends Message> Optional<T> detail(
      com.google.rpc.Status status, Class<T> type) {
    for (Any any : status.getDetailsList()) {
      if (any.is(type)) {
        try {
          return Optional.of(any.unpack(type));
        } catch (InvalidProtocolBufferException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
