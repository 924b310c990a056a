package dev.likeness.trainer.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.evaluation.dataset.ImageFile;
import dev.likeness.trainer.pca.EmbeddingSource.Outcomes;
import dev.likeness.trainer.work.JobInterruptedException;
import dev.likeness.trainer.work.RecordingContext;
import dev.likeness.trainer.work.TrainingFailedException;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 10, unit = TimeUnit.MINUTES)
class EmbedderClientTest {

  static final int DIMENSION = 4;
  static final EncoderName ENCODER = new EncoderName("resnet50");

  @TempDir Path folder;
  final FakeEmbedder embedder = new FakeEmbedder(DIMENSION, "f1");
  final RecordingContext context = new RecordingContext();
  final Map<Integer, float[]> vectors = new TreeMap<>();
  final Map<Integer, String> leftOut = new TreeMap<>();
  final Outcomes outcomes =
      new Outcomes() {
        @Override
        public void embedded(int ordinal, float[] vector, String fingerprint) {
          assertThat(vectors.put(ordinal, vector)).isNull();
        }

        @Override
        public void leftOut(int ordinal, String reason) {
          assertThat(leftOut.put(ordinal, reason)).isNull();
        }
      };
  Server server;
  ManagedChannel channel;
  EmbedderClient client;

  @BeforeEach
  void connect() throws Exception {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(embedder)
            .build()
            .start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    client = client(Duration.ofMinutes(5), Duration.ofMinutes(2));
  }

  @AfterEach
  void disconnect() throws Exception {
    channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  EmbedderClient client(Duration patience, Duration answerTimeout) {
    return new EmbedderClient(
        channel,
        new EmbedderSettings(3, patience, answerTimeout, Duration.ofMillis(500)),
        () -> context.waited().toNanos());
  }

  List<ImageFile> images(String... contents) throws Exception {
    List<ImageFile> images = new ArrayList<>();
    for (int i = 0; i < contents.length; i++) {
      Path file = Files.writeString(folder.resolve(i + ".jpg"), contents[i]);
      images.add(new ImageFile(file.getFileName().toString(), file, "class"));
    }
    return images;
  }

  List<ImageFile> manyImages(int count) throws Exception {
    String[] contents = new String[count];
    for (int i = 0; i < count; i++) {
      contents[i] = "image " + i;
    }
    return images(contents);
  }

  @Test
  void givesEachImageItsVector() throws Exception {
    List<ImageFile> images = manyImages(20);
    client.embed(ENCODER, images, context, outcomes);
    assertThat(vectors).hasSize(20);
    for (int i = 0; i < 20; i++) {
      assertThat(vectors.get(i))
          .isEqualTo(
              FakeEmbedder.vectorOf(("image " + i).getBytes(StandardCharsets.UTF_8), DIMENSION));
    }
    assertThat(embedder.encodersSeen()).containsOnly("resnet50");
    assertThat(embedder.calls()).isEqualTo(1);
  }

  @Test
  void leavesOutWhatCannotBeEmbedded() throws Exception {
    List<ImageFile> images = images("a", "corrupt", "b", "c");
    Files.delete(images.get(2).path());
    client.embed(ENCODER, images, context, outcomes);
    assertThat(vectors).containsOnlyKeys(0, 3);
    assertThat(leftOut)
        .containsEntry(1, "it is cut off")
        .containsEntry(2, "the file cannot be read");
  }

  @Test
  void goesOnWhereACallBrokeOff() throws Exception {
    embedder.breakNextCallAfter(7);
    client.embed(ENCODER, manyImages(20), context, outcomes);
    assertThat(vectors).hasSize(20);
    assertThat(embedder.calls()).isEqualTo(2);
    assertThat(context.pauses()).containsExactly(Duration.ofMillis(500));
  }

  @Test
  void waitsLongerWithEachFailureUntilItsPatienceEnds() throws Exception {
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
    List<ImageFile> images = images("a");
    assertThatThrownBy(
            () ->
                client(Duration.ofSeconds(30), Duration.ofMinutes(2))
                    .embed(ENCODER, images, context, outcomes))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContaining("no answer for 30 s")
        .hasMessageContaining("start it");
    assertThat(context.pauses())
        .extracting(Duration::toMillis)
        .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 10_000L, 10_000L);
  }

  @Test
  void breaksOffACallThatDoesNotAnswer() throws Exception {
    var gate = embedder.hold();
    List<ImageFile> images = images("a");
    assertThatThrownBy(
            () ->
                client(Duration.ZERO, Duration.ofMillis(150))
                    .embed(ENCODER, images, context, outcomes))
        .isInstanceOf(TrainingFailedException.class);
    gate.countDown();
  }

  @Test
  void failsWhenTheEncoderIsRefused() throws Exception {
    List<ImageFile> images = images("no encoder");
    assertThatThrownBy(() -> client.embed(ENCODER, images, context, outcomes))
        .isInstanceOf(TrainingFailedException.class)
        .hasMessageContaining("there is no encoder");
  }

  @Test
  void stopsWhenTheJobHasTo() throws Exception {
    context.cancelAfter(3);
    List<ImageFile> images = manyImages(50);
    assertThatThrownBy(() -> client.embed(ENCODER, images, context, outcomes))
        .isInstanceOf(JobInterruptedException.class);
    assertThat(vectors.size()).isLessThan(50);
  }
}
