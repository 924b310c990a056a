package dev.likeness.cli.platform;

import com.google.protobuf.UnsafeByteOperations;
import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends image files through the duplex stream of the embedder. A file is read when the server has
 * room for it, so memory holds a few of them however many there are.
 */
public final class ImageStream {
  private final Platform platform;

  /** Streams to a platform. */
  public ImageStream(Platform platform) {
    this.platform = platform;
  }

  /**
   * Embeds files; returns when each of them has its outcome.
   *
   * @param encoder name of the encoder
   * @param files readable files
   * @param outcomes takes each outcome, in the order of the files; the key is the position from 0
   * @throws IOException if a file can no longer be read
   * @throws StatusRuntimeException if the call as a whole failed
   */
  public void embed(String encoder, List<Path> files, Consumer<EmbedImagesResponse> outcomes)
      throws IOException {
    Exchange exchange = new Exchange(encoder, files, outcomes);
    // The return value is the request observer that the exchange gets before the call starts.
    var _ = platform.embedderStream().embedImages(exchange);
    try {
      exchange.end.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException unreadable -> throw unreadable;
        case StatusRuntimeException refused -> throw refused;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Status.ABORTED.withDescription("interrupted").asRuntimeException();
    }
  }

  private static final class Exchange
      implements ClientResponseObserver<EmbedImagesRequest, EmbedImagesResponse> {
    private final String encoder;
    private final Iterator<Path> remaining;
    private final Consumer<EmbedImagesResponse> outcomes;
    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
    private int sent;
    private boolean halfClosed;

    Exchange(String encoder, List<Path> files, Consumer<EmbedImagesResponse> outcomes) {
      this.encoder = encoder;
      this.remaining = files.iterator();
      this.outcomes = outcomes;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<EmbedImagesRequest> requests) {
      requests.setOnReadyHandler(() -> send(requests));
    }

    private void send(ClientCallStreamObserver<EmbedImagesRequest> requests) {
      try {
        while (requests.isReady() && remaining.hasNext()) {
          requests.onNext(
              EmbedImagesRequest.newBuilder()
                  .setEncoder(encoder)
                  .setKey(Integer.toString(sent++))
                  .setImage(UnsafeByteOperations.unsafeWrap(Files.readAllBytes(remaining.next())))
                  .build());
        }
      } catch (IOException e) {
        end.completeExceptionally(e);
        requests.cancel("a file cannot be read", e);
        return;
      }
      if (!remaining.hasNext() && !halfClosed) {
        halfClosed = true;
        requests.onCompleted();
      }
    }

    @Override
    public void onNext(EmbedImagesResponse outcome) {
      outcomes.accept(outcome);
    }

    @Override
    public void onError(Throwable failure) {
      end.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      end.complete(null);
    }
  }
}
