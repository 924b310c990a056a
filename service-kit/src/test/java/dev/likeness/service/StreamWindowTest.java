package dev.likeness.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

class StreamWindowTest {

  private final Transport transport = new Transport();

  @Test
  void readsOnlyOneMessageAheadUntilItsSizeIsKnown() {
    StreamWindow<EmbedImagesRequest, EmbedImagesResponse> window = window(3, 1_000);

    window.request(10);

    assertThat(transport.requested).isEqualTo(1);
  }

  @Test
  void stopsReadingWhenTheWindowIsFullAndGoesOnAfterAResponse() {
    // Given
    StreamWindow<EmbedImagesRequest, EmbedImagesResponse> window = window(3, 1_000);

    // When the framework asks for one more after each message
    window.request(1);
    for (int i = 0; i < 3; i++) {
      arrive(window, 1);
    }

    // Then
    assertThat(transport.requested).isEqualTo(3);
    window.sendMessage(EmbedImagesResponse.getDefaultInstance());
    assertThat(transport.requested).isEqualTo(4);
  }

  @Test
  void largeImagesFillTheWindowEarlier() {
    StreamWindow<EmbedImagesRequest, EmbedImagesResponse> window = window(100, 1_000);

    window.request(1);
    arrive(window, 800);
    arrive(window, 800);

    assertThat(transport.requested).isEqualTo(2);
    window.sendMessage(EmbedImagesResponse.getDefaultInstance());
    assertThat(transport.requested).isEqualTo(3);
  }

  @Test
  void clientThatDoesNotReadGetsNothingMoreRead() {
    // Given
    StreamWindow<EmbedImagesRequest, EmbedImagesResponse> window = window(100, 1_000);
    window.request(1);

    // When its responses pile up
    transport.ready = false;
    arrive(window, 1);
    window.sendMessage(EmbedImagesResponse.getDefaultInstance());

    // Then
    assertThat(transport.requested).isEqualTo(1);
    transport.ready = true;
    window.readOn();
    assertThat(transport.requested).isEqualTo(2);
  }

  private StreamWindow<EmbedImagesRequest, EmbedImagesResponse> window(int messages, long bytes) {
    return new StreamWindow<>(transport, messages, bytes);
  }

  private static void arrive(
      StreamWindow<EmbedImagesRequest, EmbedImagesResponse> window, int bytes) {
    window.received(
        EmbedImagesRequest.newBuilder().setImage(ByteString.copyFrom(new byte[bytes])).build());
    window.request(1);
  }

  private static final class Transport extends ServerCall<EmbedImagesRequest, EmbedImagesResponse> {

    private int requested;
    private boolean ready = true;

    @Override
    public void request(int count) {
      requested += count;
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public void sendHeaders(Metadata headers) {}

    @Override
    public void sendMessage(EmbedImagesResponse message) {}

    @Override
    public void close(Status status, Metadata trailers) {}

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public MethodDescriptor<EmbedImagesRequest, EmbedImagesResponse> getMethodDescriptor() {
      return EmbedderServiceGrpc.getEmbedImagesMethod();
    }
  }
}
