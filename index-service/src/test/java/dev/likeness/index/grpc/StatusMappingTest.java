package dev.likeness.index.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.error.IndexFullException;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.error.SearchQueueFullException;
import io.grpc.Status.Code;
import org.junit.jupiter.api.Test;

class StatusMappingTest {

  private final StatusMapping mapping = new StatusMapping();

  @Test
  void unknownExceptionShowsNoInternals() {
    var failure = mapping.failure(new IllegalStateException("secret.jpg"));
    assertThat(failure.code()).isEqualTo(Code.INTERNAL);
    assertThat(failure.message()).doesNotContain("secret", "IllegalState");
  }

  @Test
  void fullQueueAndFullMemorySayWhenToRetry() {
    assertThat(mapping.failure(new SearchQueueFullException(8)).retryAfter()).isPositive();
    assertThat(mapping.failure(new IndexFullException(10, 9, 2)).code())
        .isEqualTo(Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void ruleBrokenByOneVectorIsThatOfTheVector() {
    var broken = new InvalidRequestException("id", "must have 1 to 512 bytes of UTF-8, has 0");
    assertThat(StatusMapping.outcome(broken).reason()).isEqualTo("VECTOR_INVALID");
    assertThat(mapping.failure(broken).reason()).isEqualTo("INVALID_ARGUMENT");
  }
}
