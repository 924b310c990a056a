package dev.likeness.embedder.grpc;

import dev.likeness.embedder.serving.WhenFull;
import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import io.grpc.Context;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What one stream of images remembers from message to message. Used by one thread at a time. */
final class ImageStream {

  private static final int LONGEST_KEY_BYTES = 1024;

  private final ImageCalls calls;
  private final StatusMapping failures;
  private final Context call;
  private String encoder = "";
  private @Nullable Integer version;

  ImageStream(ImageCalls calls, StatusMapping failures, Context call) {
    this.calls = calls;
    this.failures = failures;
    this.call = call;
  }

  /** Starts one image; the outcome never fails but may say why there is no vector. */
  CompletableFuture<EmbedImagesResponse> start(EmbedImagesRequest request) {
    return embed(request)
        .handle(
            (embedded, failure) -> {
              EmbedImagesResponse.Builder response =
                  EmbedImagesResponse.newBuilder().setKey(echoed(request));
              return failure == null
                  ? response
                      .setEmbedding(EmbedderMessages.embedding(embedded))
                      .setTiming(EmbedderMessages.timing(embedded.image().timing()))
                      .build()
                  : response.setError(failures.failure(failure).toStatus()).build();
            });
  }

  private CompletableFuture<EmbeddedBy> embed(EmbedImagesRequest request) {
    if (!request.getEncoder().isEmpty()) {
      encoder = request.getEncoder();
      version = request.hasVersion() ? request.getVersion() : null;
    }
    if (encoder.isEmpty()) {
      return CompletableFuture.failedFuture(
          new InvalidFieldException("encoder", "the first message of a stream names the encoder"));
    }
    int keyBytes = request.getKeyBytes().size();
    if (keyBytes > LONGEST_KEY_BYTES) {
      return CompletableFuture.failedFuture(
          new InvalidFieldException(
              "key",
              "a key has at most %d bytes, not %d; its beginning is echoed"
                  .formatted(LONGEST_KEY_BYTES, keyBytes)));
    }
    return calls.start(encoder, version, request.getImage().toByteArray(), WhenFull.WAIT, call);
  }

  private static String echoed(EmbedImagesRequest request) {
    String key = request.getKey();
    return key.length() <= LONGEST_KEY_BYTES ? key : key.substring(0, LONGEST_KEY_BYTES);
  }
}
