package dev.likeness.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.Status.Code;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceFailureTest {

  private static final ServiceFailureMapping MAPPING =
      new ServiceFailureMapping() {
        @Override
        protected Optional<ServiceFailure> failureOf(Throwable thrown) {
          return thrown instanceof ArithmeticException
              ? Optional.of(ServiceFailure.invalidField("divisor", "divisor must not be 0"))
              : Optional.empty();
        }
      };

  @Test
  void carriesReasonAndFieldToTheClient() throws Exception {
    Status status = StatusProto.fromThrowable(MAPPING.toStatusException(new ArithmeticException()));
    assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT.value());
    assertThat(status.getDetails(0).unpack(ErrorInfo.class).getReason())
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(status.getDetails(1).unpack(BadRequest.class).getFieldViolations(0).getField())
        .isEqualTo("divisor");
  }

  @Test
  void carriesTheRetryDelay() throws Exception {
    Status status =
        ServiceFailure.exhausted("QUEUE_FULL", "full", Duration.ofMillis(1500)).toStatus();
    RetryInfo retry = status.getDetails(1).unpack(RetryInfo.class);
    assertThat(retry.getRetryDelay().getSeconds()).isEqualTo(1);
    assertThat(retry.getRetryDelay().getNanos()).isEqualTo(500_000_000);
  }

  @Test
  void hidesWhatItDoesNotKnow() {
    var exception = MAPPING.toStatusException(new IllegalStateException("password is 123"));
    assertThat(exception.getStatus().getCode()).isEqualTo(Code.INTERNAL);
    assertThat(exception.getMessage()).doesNotContain("password", "IllegalState");
  }

  @Test
  void passesStatusOfPeersOn() {
    var original = io.grpc.Status.UNAVAILABLE.withDescription("gone").asRuntimeException();
    assertThat(MAPPING.toStatusException(original)).isSameAs(original);
  }

  @Test
  void rejectsReasonsThatAreNotStableNames() {
    assertThatThrownBy(() -> ServiceFailure.of(Code.INTERNAL, "something broke", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
