package dev.likeness.service;

import com.google.protobuf.Any;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An error as clients see it: gRPC code, a message that helps to repair it, and the details of <a
 * href="https://google.aip.dev/193">AIP-193</a>: {@code ErrorInfo} with a stable reason, {@code
 * BadRequest} with the field, {@code RetryInfo} with the delay.
 *
 * @param code gRPC code, not OK
 * @param reason stable, UPPER_SNAKE_CASE
 * @param message for people; may change
 * @param field field of the request that is wrong, null if none in particular
 * @param retryAfter when it makes sense to try again, null if it does not
 */
public record ServiceFailure(
    Code code,
    String reason,
    String message,
    @Nullable String field,
    @Nullable Duration retryAfter) {

  /** Domain of the reasons. */
  public static final String DOMAIN = "likeness.dev";

  /** Rejects OK and reasons that are not UPPER_SNAKE_CASE. */
  public ServiceFailure {
    if (code == Code.OK) {
      throw new IllegalArgumentException("a failure has a code other than OK");
    }
    if (!reason.matches("[A-Z][A-Z0-9_]*")) {
      throw new IllegalArgumentException("reason must be UPPER_SNAKE_CASE, not '" + reason + "'");
    }
  }

  /** A failure of the whole request. */
  public static ServiceFailure of(Code code, String reason, String message) {
    return new ServiceFailure(code, reason, message, null, null);
  }

  /** A failure that an exception of the domain explains: its message is written for users. */
  public static ServiceFailure of(Code code, String reason, Exception explained) {
    return of(code, reason, String.valueOf(explained.getMessage()));
  }

  /** A failure of the given code that names the wrong field. */
  public static ServiceFailure ofField(Code code, String reason, String field, String message) {
    return new ServiceFailure(code, reason, message, field, null);
  }

  /** INVALID_ARGUMENT with the wrong field. */
  public static ServiceFailure invalidField(String field, String message) {
    return ofField(Code.INVALID_ARGUMENT, "INVALID_ARGUMENT", field, message);
  }

  /** RESOURCE_EXHAUSTED with the delay after which there may be room. */
  public static ServiceFailure exhausted(String reason, String message, Duration retryAfter) {
    return new ServiceFailure(Code.RESOURCE_EXHAUSTED, reason, message, null, retryAfter);
  }

  /** As a {@code google.rpc.Status}, for per-item outcomes. */
  public Status toStatus() {
    Status.Builder status =
        Status.newBuilder()
            .setCode(code.value())
            .setMessage(message)
            .addDetails(
                Any.pack(ErrorInfo.newBuilder().setReason(reason).setDomain(DOMAIN).build()));
    if (field != null) {
      status.addDetails(
          Any.pack(
              BadRequest.newBuilder()
                  .addFieldViolations(
                      BadRequest.FieldViolation.newBuilder()
                          .setField(field)
                          .setDescription(message))
                  .build()));
    }
    if (retryAfter != null) {
      status.addDetails(
          Any.pack(
              RetryInfo.newBuilder()
                  .setRetryDelay(
                      com.google.protobuf.Duration.newBuilder()
                          .setSeconds(retryAfter.toSeconds())
                          .setNanos(retryAfter.toNanosPart()))
                  .build()));
    }
    return status.build();
  }

  /** As the exception that ends a call. */
  public StatusRuntimeException toException() {
    return StatusProto.toStatusRuntimeException(toStatus());
  }
}
