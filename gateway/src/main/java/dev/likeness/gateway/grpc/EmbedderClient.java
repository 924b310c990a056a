package dev.likeness.gateway.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.likeness.embedder.v1.EmbedImageRequest;
import dev.likeness.embedder.v1.EmbedImageResponse;
import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import dev.likeness.embedder.v1.EmbedderServiceGrpc.EmbedderServiceBlockingStub;
import dev.likeness.embedder.v1.GetEncoderRequest;
import dev.likeness.gateway.peer.EmbedOutcome;
import dev.likeness.gateway.peer.EmbedderPeer;
import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.Encoder;
import dev.likeness.gateway.peer.ImageSource;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.peer.PeerName;
import dev.likeness.gateway.peer.PeerSightings;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The embedder over gRPC. Safe for use by many threads. */
public final class EmbedderClient implements EmbedderPeer {

  /**
   * How many images travel at a time.
   *
   * @param images enough for the embedder to fill batches while vectors are being written
   * @param bytes bound on the memory they take
   * @param stall an embedder that is silent for so long is taken for gone
   */
  public record InFlight(int images, long bytes, Duration stall) {}

  private final PeerChannel channel;
  private final EmbedderServiceBlockingStub stub;
  private final InFlight inFlight;

  /**
   * @param deadline of one unary call
   */
  public EmbedderClient(
      Channel channel, Duration deadline, PeerSightings sightings, InFlight inFlight) {
    this.channel = new PeerChannel(PeerName.EMBEDDER, channel, deadline, sightings);
    this.stub = EmbedderServiceGrpc.newBlockingStub(channel);
    this.inFlight = inFlight;
  }

  @Override
  public Encoder encoder(String name) {
    return encoder(
        channel
            .call(
                stub,
                timed -> timed.getEncoder(GetEncoderRequest.newBuilder().setName(name).build()))
            .getEncoder());
  }

  @Override
  public Optional<Encoder> withFingerprint(String fingerprint) {
    try {
      return Optional.of(
          encoder(
              channel
                  .call(
                      stub,
                      timed ->
                          timed.getEncoder(
                              GetEncoderRequest.newBuilder().setFingerprint(fingerprint).build()))
                  .getEncoder()));
    } catch (PeerException.Refused e) {
      if (e.reason().equals("ENCODER_NOT_FOUND")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Encoder encoder(dev.likeness.embedder.v1.Encoder encoder) {
    return new Encoder(
        encoder.getName(),
        encoder.getVersion(),
        encoder.getDimension(),
        encoder.getFingerprint(),
        encoder.getPooling());
  }

  @Override
  public Embedded embed(String encoder, byte[] image) {
    return embed(EmbedImageRequest.newBuilder().setEncoder(encoder), image);
  }

  @Override
  public Embedded embed(Encoder encoder, byte[] image) {
    return embed(
        EmbedImageRequest.newBuilder().setEncoder(encoder.name()).setVersion(encoder.version()),
        image);
  }

  private Embedded embed(EmbedImageRequest.Builder which, byte[] image) {
    EmbedImageRequest request = which.setImage(ByteString.copyFrom(image)).build();
    EmbedImageResponse response = channel.call(stub, timed -> timed.embedImage(request));
    return new Embedded(
        Embedding.of(response.getEmbedding().getValuesList()),
        response.getEmbedding().getFingerprint());
  }

  @Override
  public void embed(String encoder, ImageSource images, Consumer<EmbedOutcome> outcomes)
      throws InterruptedException {
    stream(EmbedImagesRequest.newBuilder().setEncoder(encoder).build(), images, outcomes);
  }

  @Override
  public void embed(Encoder encoder, ImageSource images, Consumer<EmbedOutcome> outcomes)
      throws InterruptedException {
    stream(
        EmbedImagesRequest.newBuilder()
            .setEncoder(encoder.name())
            .setVersion(encoder.version())
            .build(),
        images,
        outcomes);
  }

  private void stream(EmbedImagesRequest which, ImageSource images, Consumer<EmbedOutcome> outcomes)
      throws InterruptedException {
    StreamReplies<EmbedImagesRequest, EmbedImagesResponse> replies = new StreamReplies<>();
    StreamObserver<EmbedImagesRequest> requests =
        EmbedderServiceGrpc.newStub(channel.channel()).embedImages(replies);
    try {
      exchange(which, images, outcomes, requests, replies);
      replies.finish();
    } finally {
      replies.cancel();
    }
  }

  /** Sends as far as the bounds allow, then takes a reply, in turn, until both sides are done. */
  private void exchange(
      EmbedImagesRequest which,
      ImageSource images,
      Consumer<EmbedOutcome> outcomes,
      StreamObserver<EmbedImagesRequest> requests,
      StreamReplies<EmbedImagesRequest, EmbedImagesResponse> replies)
      throws InterruptedException {
    Map<String, Long> travelling = new LinkedHashMap<>();
    long bytes = 0;
    boolean more = true;
    while (more || !travelling.isEmpty()) {
      while (more && travelling.size() < inFlight.images() && bytes < inFlight.bytes()) {
        Optional<ImageSource.ImageBytes> image = images.next();
        if (image.isEmpty()) {
          more = false;
          requests.onCompleted();
        } else {
          long size = image.get().content().length;
          travelling.put(image.get().name(), size);
          bytes += size;
          requests.onNext(request(which, image.get()));
        }
      }
      if (!travelling.isEmpty()) {
        EmbedImagesResponse reply = reply(replies);
        Long size = travelling.remove(reply.getKey());
        if (size != null) {
          bytes -= size;
          outcomes.accept(outcome(reply));
        }
      }
    }
  }

  private EmbedImagesResponse reply(StreamReplies<EmbedImagesRequest, EmbedImagesResponse> replies)
      throws InterruptedException {
    return switch (replies.next(inFlight.stall())) {
      case StreamReplies.Event.Reply<EmbedImagesResponse>(var value) -> {
        channel.seen();
        yield value;
      }
      case StreamReplies.Event.Failed<EmbedImagesResponse>(var cause) ->
          throw channel.failure(cause);
      case StreamReplies.Event.Completed<EmbedImagesResponse> _ ->
          throw channel.failure(Status.UNAVAILABLE.asRuntimeException());
    };
  }

  private static EmbedImagesRequest request(
      EmbedImagesRequest which, ImageSource.ImageBytes image) {
    return which.toBuilder()
        .setKey(image.name())
        .setImage(UnsafeByteOperations.unsafeWrap(image.content()))
        .build();
  }

  private static EmbedOutcome outcome(EmbedImagesResponse reply) {
    return switch (reply.getOutcomeCase()) {
      case EMBEDDING ->
          new EmbedOutcome.Embedded(
              reply.getKey(),
              Embedding.of(reply.getEmbedding().getValuesList()),
              reply.getEmbedding().getFingerprint(),
              new EmbedOutcome.Cost(
                  seconds(reply.getTiming().getDecode()),
                  seconds(reply.getTiming().getInference()),
                  reply.getTiming().getBatchSize()));
      case ERROR -> failed(reply);
      case OUTCOME_NOT_SET ->
          new EmbedOutcome.Postponed(
              reply.getKey(),
              new PeerException.Unavailable(
                  PeerName.EMBEDDER, "the embedder gave an image no outcome", true, null));
    };
  }

  /** The reasons that begin with IMAGE_ speak of the file; any other is no fault of the image. */
  private static EmbedOutcome failed(EmbedImagesResponse reply) {
    return PeerFailures.reason(reply.getError()).startsWith("IMAGE_")
        ? new EmbedOutcome.Refused(reply.getKey(), reply.getError().getMessage())
        : new EmbedOutcome.Postponed(
            reply.getKey(), PeerFailures.of(PeerName.EMBEDDER, reply.getError()));
  }

  private static double seconds(com.google.protobuf.Duration duration) {
    return duration.getSeconds() + duration.getNanos() / 1e9;
  }
}
