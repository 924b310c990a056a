package dev.likeness.cli.platform;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.likeness.cli.output.CommandFailure;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/** Makes a sentence of the {@code google.rpc.Status} that a service answered with. */
public final class RpcFailure {
  private RpcFailure() {}

  /** The failure of a call. */
  public static CommandFailure of(StatusRuntimeException exception) {
    Code code = exception.getStatus().getCode();
    Status status = StatusProto.fromThrowable(exception);
    if (status == null) {
      status = Status.newBuilder().setCode(code.value()).build();
    }
    String reason = reason(status);
    if (code == Code.UNAVAILABLE) {
      return CommandFailure.unreachable(
          reason.isEmpty() ? "PLATFORM_UNREACHABLE" : reason,
          reason.isEmpty()
              ? "the platform does not answer; './likeness status' shows what runs, './likeness up' starts it"
              : sentence(status),
          exception);
    }
    return CommandFailure.failed(
        reason.isEmpty() ? code.name() : reason, sentence(status), exception);
  }

  /** The sentence of a status: its message, the field, and when to try again. */
  public static String sentence(Status status) {
    StringBuilder sentence =
        new StringBuilder(
            status.getMessage().isBlank()
                ? withoutMessage(io.grpc.Status.fromCodeValue(status.getCode()).getCode())
                : status.getMessage());
    for (Any detail : status.getDetailsList()) {
      try {
        if (detail.is(BadRequest.class)) {
          for (BadRequest.FieldViolation violation :
              detail.unpack(BadRequest.class).getFieldViolationsList()) {
            if (!sentence.toString().contains(violation.getDescription())) {
              sentence.append("; ").append(violation.getDescription());
            }
          }
        } else if (detail.is(RetryInfo.class)) {
          long seconds = detail.unpack(RetryInfo.class).getRetryDelay().getSeconds();
          sentence.append("; try again in ").append(Math.max(1, seconds)).append(" s");
        }
      } catch (InvalidProtocolBufferException _) {
        // A detail that cannot be read adds nothing to the sentence.
        continue;
      }
    }
    return sentence.toString();
  }

  /** The stable reason of a status; empty if it has none. */
  public static String reason(Status status) {
    for (Any detail : status.getDetailsList()) {
      try {
        if (detail.is(ErrorInfo.class)) {
          return detail.unpack(ErrorInfo.class).getReason();
        }
      } catch (InvalidProtocolBufferException _) {
        return "";
      }
    }
    return "";
  }

  private static String withoutMessage(Code code) {
    return switch (code) {
      case DEADLINE_EXCEEDED -> "the platform took too long to answer; try again";
      case UNIMPLEMENTED ->
          "this platform cannot do that; is it of the same version as this client?";
      case RESOURCE_EXHAUSTED -> "the platform is busy; try again";
      case INTERNAL, UNKNOWN -> "the platform failed; './likeness logs' shows why";
      default -> "the platform refused: " + code.name().toLowerCase(java.util.Locale.ROOT);
    };
  }
}
