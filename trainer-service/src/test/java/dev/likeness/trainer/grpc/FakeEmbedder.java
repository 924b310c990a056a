package dev.likeness.trainer.grpc;

import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import dev.likeness.embedder.v1.Embedding;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An embedder whose vectors depend on the bytes of the image alone. Images whose bytes begin with
 * "corrupt" are refused.
 */
public final class FakeEmbedder extends EmbedderServiceGrpc.EmbedderServiceImplBase {

  private final int dimension;
  private final AtomicReference<String> fingerprint;
  private final AtomicInteger breakAfter = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicReference<CountDownLatch> gate = new AtomicReference<>(new CountDownLatch(0));
  private final AtomicInteger calls = new AtomicInteger();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  /** Gives vectors of this length, under this fingerprint. */
  public FakeEmbedder(int dimension, String fingerprint) {
    this.dimension = dimension;
    this.fingerprint = new AtomicReference<>(fingerprint);
  }

  /** Serves another version from now on. */
  public void setFingerprint(String other) {
    fingerprint.set(other);
  }

  /** The next call breaks off after so many answers, as if the process had died. */
  public void breakNextCallAfter(int answers) {
    breakAfter.set(answers);
  }

  /** Answers nothing until the returned latch is released. */
  public CountDownLatch hold() {
    CountDownLatch latch = new CountDownLatch(1);
    gate.set(latch);
    return latch;
  }

  /** Calls that have come. */
  public int calls() {
    return calls.get();
  }

  /** Names of the encoders of all requests. */
  public List<String> encodersSeen() {
    return List.copyOf(seen);
  }

  /** The vector of an image. */
  public static float[] vectorOf(byte[] image, int dimension) {
    Random random = new Random(java.util.Arrays.hashCode(image));
    float[] vector = new float[dimension];
    double squares = 0;
    for (int i = 0; i < dimension; i++) {
      vector[i] = (float) random.nextGaussian();
      squares += (double) vector[i] * vector[i];
    }
    for (int i = 0; i < dimension; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  @Override
  public StreamObserver<EmbedImagesRequest> embedImages(
      StreamObserver<EmbedImagesResponse> responses) {
    calls.incrementAndGet();
    int answersLeft = breakAfter.getAndSet(Integer.MAX_VALUE);
    return new StreamObserver<>() {
      private int left = answersLeft;
      private boolean broken;

      @Override
      public void onNext(EmbedImagesRequest request) {
        awaitGate();
        if (broken) {
          return;
        }
        if (left-- == 0) {
          broken = true;
          responses.onError(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());
          return;
        }
        seen.add(request.getEncoder());
        responses.onNext(answer(request));
      }

      @Override
      public void onError(Throwable thrown) {}

      @Override
      public void onCompleted() {
        if (!broken) {
          responses.onCompleted();
        }
      }
    };
  }

  private void awaitGate() {
    try {
      gate.get().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private EmbedImagesResponse answer(EmbedImagesRequest request) {
    EmbedImagesResponse.Builder response =
        EmbedImagesResponse.newBuilder().setKey(request.getKey());
    byte[] bytes = request.getImage().toByteArray();
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.startsWith("corrupt")) {
      return response.setError(error(Status.Code.INVALID_ARGUMENT, "it is cut off")).build();
    }
    if (text.startsWith("no encoder")) {
      return response.setError(error(Status.Code.NOT_FOUND, "there is no encoder")).build();
    }
    Embedding.Builder embedding = Embedding.newBuilder().setFingerprint(fingerprint.get());
    for (float value : vectorOf(bytes, dimension)) {
      embedding.addValues(value);
    }
    return response.setEmbedding(embedding).build();
  }

  private static com.google.rpc.Status error(Status.Code code, String message) {
    return com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage(message).build();
  }
}
