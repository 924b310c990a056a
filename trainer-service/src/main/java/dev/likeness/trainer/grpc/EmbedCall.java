package dev.likeness.trainer.grpc;

import com.google.protobuf.ByteString;
import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.EmbedderServiceGrpc.EmbedderServiceStub;
import dev.likeness.embedder.v1.Embedding;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.trainer.work.JobContext;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.trainer.work.TrainingFailedException;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One streaming call to the embedder. Everything happens on the thread of the job; the threads of
 * the transport only hand over what has arrived.
 */
final class EmbedCall {

  /** The embedder takes messages of 64 MiB; a little is left for the rest of the message. */
  private static final long LARGEST_IMAGE_BYTES = 63L << 20;

  private static final long LOOK_MILLIS = 100;

  /** What the transport hands over. */
  private sealed interface Arrival {

    record Answer(EmbedImagesResponse response) implements Arrival {}

    record End(Status status) implements Arrival {}
  }

  private final EmbedderServiceStub stub;
  private final EmbedderSettings settings;
  private final EncoderName encoder;
  private final PendingImages pending;
  private final JobContext context;
  private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

  EmbedCall(
      EmbedderServiceStub stub,
      EmbedderSettings settings,
      EncoderName encoder,
      PendingImages pending,
      JobContext context) {
    this.stub = stub;
    this.settings = settings;
    this.encoder = encoder;
    this.pending = pending;
    this.context = context;
  }

  /** Sends what waits and gives outcomes until all have one or the call breaks off. */
  Status run() throws TrainingFailedException, JobInterruptedException {
    var call = (ClientCallStreamObserver<EmbedImagesRequest>) stub.embedImages(new Receiver());
    boolean finished = false;
    try {
      Status end = exchange(call);
      finished = true;
      return end;
    } finally {
      if (finished && pending.isDone()) {
        call.onCompleted();
      } else {
        call.cancel("the caller has stopped", null);
      }
    }
  }

  private Status exchange(ClientCallStreamObserver<EmbedImagesRequest> call)
      throws TrainingFailedException, JobInterruptedException {
    long lastArrival = System.nanoTime();
    while (!pending.isDone()) {
      context.checkpoint();
      sendWhatFits(call);
      Arrival arrival = nextArrival();
      switch (arrival) {
        case Arrival.Answer(EmbedImagesResponse response) -> {
          lastArrival = System.nanoTime();
          Status refused = accept(response);
          if (refused != null) {
            return refused;
          }
        }
        case Arrival.End(Status status) -> {
          return status.isOk()
              ? Status.UNAVAILABLE.withDescription("the embedder ended the call early")
              : status;
        }
        case null -> {
          if (System.nanoTime() - lastArrival > settings.answerTimeout().toNanos()) {
            return Status.DEADLINE_EXCEEDED.withDescription(
                "no answer for %d s".formatted(settings.answerTimeout().toSeconds()));
          }
        }
      }
    }
    return Status.OK;
  }

  private @Nullable Arrival nextArrival() throws JobInterruptedException {
    if (pending.underWayCount() == 0) {
      return arrivals.poll();
    }
    try {
      return arrivals.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JobInterruptedException(JobInterruptedException.Cause.SHUTDOWN);
    }
  }

  private void sendWhatFits(ClientCallStreamObserver<EmbedImagesRequest> call)
      throws TrainingFailedException, JobInterruptedException {
    while (pending.underWayCount() < settings.maxInFlight()) {
      Integer ordinal = pending.next();
      if (ordinal == null) {
        return;
      }
      send(call, ordinal);
    }
  }

  private void send(ClientCallStreamObserver<EmbedImagesRequest> call, int ordinal)
      throws TrainingFailedException, JobInterruptedException {
    ImageFile image = pending.image(ordinal);
    try {
      if (Files.size(image.path()) > LARGEST_IMAGE_BYTES) {
        pending.leftOut(
            ordinal, "the file is larger than %d MiB".formatted(LARGEST_IMAGE_BYTES >> 20));
        return;
      }
      call.onNext(
          EmbedImagesRequest.newBuilder()
              .setEncoder(encoder.value())
              .setKey(String.valueOf(ordinal))
              .setImage(ByteString.copyFrom(Files.readAllBytes(image.path())))
              .build());
    } catch (IOException e) {
      pending.leftOut(ordinal, "the file cannot be read");
    }
  }

  /** Takes an answer; gives a status if it says that the call is of no use any more. */
  private @Nullable Status accept(EmbedImagesResponse response)
      throws TrainingFailedException, JobInterruptedException {
    int ordinal = ordinalOf(response.getKey());
    switch (response.getOutcomeCase()) {
      case EMBEDDING -> {
        Embedding embedding = response.getEmbedding();
        pending.embedded(ordinal, vectorOf(embedding), embedding.getFingerprint());
      }
      case ERROR -> {
        Status status =
            Status.fromCodeValue(response.getError().getCode())
                .withDescription(response.getError().getMessage());
        if (EmbedderClient.isTemporary(status) || concernsTheEncoder(status)) {
          return status;
        }
        pending.leftOut(ordinal, EmbedderClient.description(status));
      }
      case OUTCOME_NOT_SET ->
          throw new TrainingFailedException(
              "the embedder answered with neither an embedding nor an error; is it of another version than the trainer?");
    }
    return null;
  }

  private int ordinalOf(String key) throws TrainingFailedException {
    try {
      int ordinal = Integer.parseInt(key);
      if (pending.isUnderWay(ordinal)) {
        return ordinal;
      }
    } catch (NumberFormatException e) {
      // falls through to the failure below, like a number that was not asked for
    }
    throw new TrainingFailedException(
        "the embedder answered for an image that was not sent; is it of another version than the trainer?");
  }

  private static boolean concernsTheEncoder(Status status) {
    return switch (status.getCode()) {
      case NOT_FOUND, FAILED_PRECONDITION, PERMISSION_DENIED, UNAUTHENTICATED, UNIMPLEMENTED ->
          true;
      default -> false;
    };
  }

  private static float[] vectorOf(Embedding embedding) {
    float[] vector = new float[embedding.getValuesCount()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = embedding.getValues(i);
    }
    return vector;
  }

  private final class Receiver implements StreamObserver<EmbedImagesResponse> {

    @Override
    public void onNext(EmbedImagesResponse response) {
      arrivals.add(new Arrival.Answer(response));
    }

    @Override
    public void onError(Throwable thrown) {
      arrivals.add(new Arrival.End(Status.fromThrowable(thrown)));
    }

    @Override
    public void onCompleted() {
      arrivals.add(new Arrival.End(Status.OK));
    }
  }
}
