package dev.likeness.gateway.grpc;

import dev.likeness.embedder.v1.EmbedImageRequest;
import dev.likeness.embedder.v1.EmbedImageResponse;
import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.EmbedTiming;
import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import dev.likeness.embedder.v1.Embedding;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.GetEncoderRequest;
import dev.likeness.embedder.v1.GetEncoderResponse;
import dev.likeness.embedder.v1.ListEncodersRequest;
import dev.likeness.embedder.v1.ListEncodersResponse;
import dev.likeness.service.ServiceFailure;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The embedder's contract for images that are texts: an angle becomes a point on the circle. */
final class FakeEmbedderServer extends EmbedderServiceGrpc.EmbedderServiceImplBase {

  static final String FINGERPRINT = "f".repeat(64);

  /** Counted down with each image of a stream; when it reaches 0 the image is refused as busy. */
  final AtomicInteger busyAfter = new AtomicInteger(Integer.MAX_VALUE);

  @Override
  public void getEncoder(GetEncoderRequest request, StreamObserver<GetEncoderResponse> observer) {
    boolean byFingerprint = request.getFingerprint().equals(FINGERPRINT);
    if (!byFingerprint && !List.of("circle", "twin").contains(request.getName())) {
      observer.onError(
          ServiceFailure.ofField(
                  Code.NOT_FOUND,
                  "ENCODER_NOT_FOUND",
                  "name",
                  "there is no encoder '%s'; there is circle".formatted(request.getName()))
              .toException());
      return;
    }
    observer.onNext(
        GetEncoderResponse.newBuilder()
            .setEncoder(encoder().toBuilder().setName(request.getName()))
            .build());
    observer.onCompleted();
  }

  @Override
  public void listEncoders(
      ListEncodersRequest request, StreamObserver<ListEncodersResponse> observer) {
    observer.onNext(ListEncodersResponse.newBuilder().addEncoders(encoder()).build());
    observer.onCompleted();
  }

  private static Encoder encoder() {
    return Encoder.newBuilder()
        .setName("circle")
        .setVersion(1)
        .setDimension(2)
        .setFingerprint(FINGERPRINT)
        .setPooling("none")
        .build();
  }

  @Override
  public void embedImage(EmbedImageRequest request, StreamObserver<EmbedImageResponse> observer) {
    try {
      observer.onNext(
          EmbedImageResponse.newBuilder()
              .setEmbedding(embed(request.getImage().toStringUtf8()))
              .build());
      observer.onCompleted();
    } catch (NumberFormatException e) {
      observer.onError(noImage().toException());
    }
  }

  @Override
  public StreamObserver<EmbedImagesRequest> embedImages(
      StreamObserver<EmbedImagesResponse> observer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(EmbedImagesRequest request) {
        observer.onNext(outcome(request));
      }

      @Override
      public void onError(Throwable cause) {
        // the gateway went away
      }

      @Override
      public void onCompleted() {
        observer.onCompleted();
      }
    };
  }

  private EmbedImagesResponse outcome(EmbedImagesRequest request) {
    EmbedImagesResponse.Builder response =
        EmbedImagesResponse.newBuilder().setKey(request.getKey());
    if (busyAfter.decrementAndGet() == 0) {
      return response
          .setError(
              ServiceFailure.exhausted("QUEUE_FULL", "the queue is full", Duration.ofMillis(10))
                  .toStatus())
          .build();
    }
    try {
      return response
          .setEmbedding(embed(request.getImage().toStringUtf8()))
          .setTiming(
              EmbedTiming.newBuilder()
                  .setDecode(com.google.protobuf.Duration.newBuilder().setNanos(250_000_000))
                  .setInference(com.google.protobuf.Duration.newBuilder().setNanos(500_000_000))
                  .setBatchSize(4))
          .build();
    } catch (NumberFormatException e) {
      return response.setError(noImage().toStatus()).build();
    }
  }

  private static ServiceFailure noImage() {
    return ServiceFailure.ofField(
        Code.INVALID_ARGUMENT, "IMAGE_UNSUPPORTED_FORMAT", "image", "the file is no image");
  }

  private static Embedding embed(String text) {
    double angle = Math.toRadians(Double.parseDouble(text));
    return Embedding.newBuilder()
        .addValues((float) Math.cos(angle))
        .addValues((float) Math.sin(angle))
        .setFingerprint(FINGERPRINT)
        .build();
  }
}
