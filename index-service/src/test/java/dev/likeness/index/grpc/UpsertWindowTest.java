package dev.likeness.index.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.v1.IndexServiceGrpc;
import dev.likeness.index.v1.UpsertVectorsRequest;
import dev.likeness.index.v1.UpsertVectorsResponse;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class UpsertWindowTest {

  @Test
  void asksForNoMoreThanTheWindowUntilAnAcknowledgementLeaves() {
    // Given
    CountingCall transport = new CountingCall();
    ServerCall<UpsertVectorsRequest, UpsertVectorsResponse> call = windowed(transport);

    // When: the framework asks again and again, as it does for a slow receiver
    for (int i = 0; i < 100; i++) {
      call.request(1);
    }
    int beforeAcknowledgement = transport.requested;
    call.sendMessage(UpsertVectorsResponse.getDefaultInstance());
    call.sendMessage(UpsertVectorsResponse.getDefaultInstance());

    // Then
    assertThat(beforeAcknowledgement).isEqualTo(UpsertWindow.BATCHES);
    assertThat(transport.requested).isEqualTo(UpsertWindow.BATCHES + 2);
  }

  @Test
  void letsAnAcknowledgingStreamRunOn() {
    CountingCall transport = new CountingCall();
    ServerCall<UpsertVectorsRequest, UpsertVectorsResponse> call = windowed(transport);
    for (int i = 0; i < 100; i++) {
      call.request(1);
      call.sendMessage(UpsertVectorsResponse.getDefaultInstance());
    }
    assertThat(transport.requested).isEqualTo(100);
  }

  private static ServerCall<UpsertVectorsRequest, UpsertVectorsResponse> windowed(
      CountingCall transport) {
    AtomicReference<ServerCall<UpsertVectorsRequest, UpsertVectorsResponse>> seen =
        new AtomicReference<>(transport);
    new UpsertWindow()
        .interceptCall(
            transport,
            new Metadata(),
            (call, headers) -> {
              seen.set(call);
              return new ServerCall.Listener<>() {};
            });
    return seen.get();
  }

  private static final class CountingCall
      extends ServerCall<UpsertVectorsRequest, UpsertVectorsResponse> {

    private int requested;

    @Override
    public void request(int messages) {
      requested += messages;
    }

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(UpsertVectorsResponse message) {}

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<UpsertVectorsRequest, UpsertVectorsResponse> getMethodDescriptor() {
      return IndexServiceGrpc.getUpsertVectorsMethod();
    }
  }
}
