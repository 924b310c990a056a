package dev.likeness.benchmarks.embedding;

import com.google.protobuf.UnsafeByteOperations;
import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Sends images through the embedder's stream, as fast as it takes them, and counts the vectors. */
final class ImageExchange
    implements ClientResponseObserver<EmbedImagesRequest, EmbedImagesResponse> {

  private final String encoder;
  private final List<byte[]> images;
  private final int count;
  private final CompletableFuture<Integer> vectors = new CompletableFuture<>();
  private @Nullable ClientCallStreamObserver<EmbedImagesRequest> requests;
  private int sent;
  private int received;

  private ImageExchange(String encoder, List<byte[]> images, int count) {
    this.encoder = encoder;
    this.images = images;
    this.count = count;
  }

  /**
   * @param images one after another, from the first again when all were sent
   * @param count images to send
   * @return vectors that came back, all of them
   */
  static int run(Channel channel, String encoder, List<byte[]> images, int count)
      throws InterruptedException, ExecutionException {
    ImageExchange exchange = new ImageExchange(encoder, images, count);
    // What it returns is the request observer that the exchange has been given already.
    var _ = EmbedderServiceGrpc.newStub(channel).embedImages(exchange);
    return exchange.vectors.get();
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<EmbedImagesRequest> stream) {
    requests = stream;
    stream.setOnReadyHandler(() -> send(stream));
  }

  private void send(ClientCallStreamObserver<EmbedImagesRequest> stream) {
    while (sent < count && stream.isReady()) {
      byte[] image = images.get(sent % images.size());
      stream.onNext(
          EmbedImagesRequest.newBuilder()
              .setEncoder(encoder)
              .setKey(String.valueOf(sent))
              .setImage(UnsafeByteOperations.unsafeWrap(image))
              .build());
      if (++sent == count) {
        stream.onCompleted();
      }
    }
  }

  @Override
  public void onNext(EmbedImagesResponse response) {
    if (response.hasError() && requests != null) {
      requests.cancel(response.getError().getMessage(), null);
    }
    received++;
  }

  @Override
  public void onError(Throwable failure) {
    vectors.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    vectors.complete(received);
  }
}
