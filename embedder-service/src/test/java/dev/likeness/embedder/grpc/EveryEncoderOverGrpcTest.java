package dev.likeness.embedder.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.likeness.embedder.PlatformResource;
import dev.likeness.embedder.TestImages;
import dev.likeness.embedder.TestWeights;
import dev.likeness.embedder.v1.EmbedImageRequest;
import dev.likeness.embedder.v1.EmbedImagesRequest;
import dev.likeness.embedder.v1.EmbedImagesResponse;
import dev.likeness.embedder.v1.EmbedderServiceGrpc;
import dev.likeness.embedder.v1.PullEncoderRequest;
import dev.likeness.embedder.v1.PullEncoderResponse;
import dev.likeness.embedder.v1.RemoveEncoderRequest;
import dev.likeness.encoders.architecture.Architecture;
import dev.likeness.encoders.architecture.ArchitectureCatalog;
import dev.likeness.encoders.pull.PublishedEncoder;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every published network as its users meet it: pulled, embedding and removed over gRPC, alone and
 * in whatever batches form. Large networks take part with {@code -Dlikeness.test.large=true}, one
 * of them with its name.
 */
@QuarkusTest
@QuarkusTestResource(PlatformResource.class)
@TestProfile(EveryEncoderOverGrpcTest.Batches.class)
class EveryEncoderOverGrpcTest {

  private static final double TOLERANCE = 1e-5;
  private static final int IMAGES = 8;
  private static final int SENT = 24;

  /** Networks above this many parameters take seconds and gigabytes. */
  private static final long SMALL = 7_000_000;

  /** Batches as they form on a busy service. */
  public static class Batches implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "likeness.embedder.batching.max-batch", "8",
          "likeness.embedder.batching.max-delay", "200ms",
          "likeness.embedder.inference.threads", "1");
    }
  }

  @ConfigProperty(name = "quarkus.grpc.server.test-port")
  int port;

  @ConfigProperty(name = PlatformResource.IMPORTS)
  Path imports;

  private ManagedChannel channel;
  private EmbedderServiceGrpc.EmbedderServiceBlockingStub embedder;

  @BeforeEach
  void connect() {
    channel = ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    embedder = EmbedderServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void disconnect() {
    channel.shutdownNow();
  }

  static List<String> networks() {
    return PublishedEncoder.all().stream().map(PublishedEncoder::name).toList();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void embedsTheSameAloneAndInBatches(String network) throws Exception {
    // Given
    Architecture architecture = ArchitectureCatalog.require(network);
    String large = System.getProperty("likeness.test.large", "");
    Assumptions.assumeTrue(
        large.equals("true")
            || large.equals(network)
            || architecture.build().parameterCount() < SMALL,
        "large networks take part with -Dlikeness.test.large=true");
    pull(network);

    // When
    List<List<Float>> alone = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      alone.add(
          embedder
              .embedImage(
                  EmbedImageRequest.newBuilder().setEncoder(network).setImage(image(i)).build())
              .getEmbedding()
              .getValuesList());
    }
    Map<String, EmbedImagesResponse> crowd = stream(network);

    // Then
    assertThat(crowd).hasSize(SENT);
    assertThat(crowd.values())
        .extracting(response -> response.getTiming().getBatchSize())
        .as("some images shared a batch")
        .anyMatch(size -> size > 1);
    for (int i = 0; i < SENT; i++) {
      EmbedImagesResponse response = crowd.get(String.valueOf(i));
      assertThat(response.hasError()).as(response.getError().getMessage()).isFalse();
      assertThat(difference(alone.get(i % IMAGES), response.getEmbedding().getValuesList()))
          .isLessThanOrEqualTo(TOLERANCE);
    }
    assertThat(difference(alone.getFirst(), alone.getLast())).isGreaterThan(100 * TOLERANCE);
    embedder.removeEncoder(RemoveEncoderRequest.newBuilder().setName(network).build());
  }

  private void pull(String network) throws Exception {
    Path weights = TestWeights.safetensors(network, imports.resolve(network + ".safetensors"));
    Iterator<PullEncoderResponse> told =
        embedder.pullEncoder(
            PullEncoderRequest.newBuilder()
                .setName(network)
                .setFilePath(weights.toString())
                .build());
    PullEncoderResponse last = PullEncoderResponse.getDefaultInstance();
    while (told.hasNext()) {
      last = told.next();
    }
    assertThat(last.getEncoder().getArchitecture()).isEqualTo(network);
    Files.delete(weights);
  }

  private Map<String, EmbedImagesResponse> stream(String network) throws Exception {
    Map<String, EmbedImagesResponse> responses = new HashMap<>();
    CompletableFuture<Void> done = new CompletableFuture<>();
    StreamObserver<EmbedImagesRequest> requests =
        EmbedderServiceGrpc.newStub(channel)
            .embedImages(
                new StreamObserver<>() {
                  @Override
                  public void onNext(EmbedImagesResponse response) {
                    responses.put(response.getKey(), response);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    done.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    done.complete(null);
                  }
                });
    IntStream.range(0, SENT)
        .mapToObj(
            i ->
                EmbedImagesRequest.newBuilder()
                    .setEncoder(network)
                    .setKey(String.valueOf(i))
                    .setImage(image(i))
                    .build())
        .forEach(requests::onNext);
    requests.onCompleted();
    done.get(10, TimeUnit.MINUTES);
    return responses;
  }

  private static ByteString image(int index) {
    return ByteString.copyFrom(TestImages.jpeg(index % IMAGES));
  }

  private static double difference(List<Float> expected, List<Float> actual) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < actual.size(); i++) {
      double difference = Math.abs((double) expected.get(i) - actual.get(i));
      largest = Double.isNaN(difference) ? Double.NaN : Math.max(largest, difference);
    }
    return largest;
  }
}
