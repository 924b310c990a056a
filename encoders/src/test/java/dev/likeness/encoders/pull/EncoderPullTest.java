package dev.likeness.encoders.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.architecture.ArchitectureCatalog;
import dev.likeness.encoders.architecture.FormulaWeights;
import dev.likeness.encoders.architecture.TensorSpec;
import dev.likeness.encoders.checkpoint.CheckpointException;
import dev.likeness.encoders.checkpoint.CheckpointFiles;
import dev.likeness.encoders.checkpoint.TensorType;
import dev.likeness.encoders.checkpoint.TestTensor;
import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Pooling;
import dev.likeness.encoders.store.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderPullTest {

  private static final String NAME = "efficientnet-b0";

  @TempDir Path folder;
  private ModelStore store;
  private final List<String> steps = new ArrayList<>();

  @BeforeEach
  void open() {
    store = ModelStore.open(folder.resolve("models"));
  }

  @Test
  void pullsFromAServerAndPublishesAVerifiedPackage() throws IOException {
    try (FileServer server = new FileServer()) {
      // Given
      byte[] weights = Files.readAllBytes(weights());
      server.on("/some/mirror.pth", FileServer.file(weights));
      String address = server.base().resolve("some/mirror.pth").toString();

      // When
      PullResult result = pull(server, request(address, null, null));

      // Then
      EncoderCard card = result.model().card();
      assertThat(result.verification().passed()).isTrue();
      assertThat(result.alreadyThere()).isFalse();
      assertThat(card.architecture()).isEqualTo(NAME);
      assertThat(card.dimension()).isEqualTo(1280);
      assertThat(card.pooling()).isEqualTo(Pooling.GAP);
      assertThat(card.preprocess().cropSize()).isEqualTo(224);
      assertThat(card.origin().source()).isEqualTo(address);
      assertThat(card.origin().sourceSha256()).isEqualTo(Sha256.of(weights));
      assertThat(result.notes())
          .contains(
              "names of tensors read as torchvision",
              "left out, not part of the image encoder: classifier (1)");
      assertThat(steps).first().isEqualTo("looking for the weights");
      assertThat(steps).last().asString().contains("matches its golden pair");
    }
  }

  @Test
  void takesADownloadedFileUnderAnotherNameAndPooling() throws IOException {
    PullResult result =
        pull(null, request(weights().toString(), new EncoderName("mine"), Pooling.GEM));
    assertThat(result.model().name()).isEqualTo(new EncoderName("mine"));
    assertThat(result.model().card().pooling()).isEqualTo(Pooling.GEM);
    assertThat(result.model().card().gemPower()).isEqualTo(3);
    assertThat(result.model().card().origin().source()).isEqualTo("downloaded.pth");
  }

  @Test
  void knowsThePublishedFileByItsHashWhereverItComesFrom() throws IOException {
    Path file = weights();
    String digits = Sha256.of(file).substring(0, 8);
    PublishedEncoder published =
        new PublishedEncoder(
            PublishedEncoder.require(NAME).architecture(),
            new WeightSource.Torchvision("efficientnet_b0-%s.pth".formatted(digits)),
            "some licence");

    PullResult same = pull(null, new PullRequest(published, file.toString(), null, null));
    PullResult other = pull(null, request(file.toString(), new EncoderName("other"), null));

    assertThat(same.model().card().origin().licence()).isEqualTo("some licence");
    assertThat(same.model().card().origin().trained()).isTrue();
    assertThat(same.notes()).contains("licence of the weights: some licence");
    assertThat(other.model().card().origin().licence()).isNull();
    assertThat(other.model().card().origin().trained()).isNull();
  }

  @Test
  void doesNotCallAMirrorsFileUncheckedThatHasThePublishedHash() throws IOException {
    try (FileServer server = new FileServer()) {
      byte[] weights = Files.readAllBytes(weights());
      server.on("/mirror.pth", FileServer.file(weights));
      server.on("/again.pth", FileServer.file(weights));
      String address = server.base().resolve("mirror.pth").toString();
      String again = server.base().resolve("again.pth").toString();
      PublishedEncoder published =
          new PublishedEncoder(
              PublishedEncoder.require(NAME).architecture(),
              new WeightSource.Torchvision(
                  "x-%s.pth".formatted(Sha256.of(weights).substring(0, 8))),
              "some licence");

      PullResult same = pull(server, new PullRequest(published, address, null, null));
      PullResult other = pull(server, request(again, new EncoderName("other"), null));

      assertThat(same.notes()).noneMatch(note -> note.contains("could not be compared"));
      assertThat(other.notes()).anyMatch(note -> note.contains("could not be compared"));
      PullResult cached = pull(server, request(again, new EncoderName("cached"), null));
      assertThat(cached.notes()).anyMatch(note -> note.contains("could not be compared"));
    }
  }

  @Test
  void publishesTheSameEncoderOnce() throws IOException {
    String file = weights().toString();
    PullResult first = pull(null, request(file, null, null));
    PullResult second = pull(null, request(file, null, null));
    assertThat(second.alreadyThere()).isTrue();
    assertThat(second.model().version()).isEqualTo(first.model().version());
  }

  @Test
  void publishesNothingFromAFileThatDoesNotFit() throws IOException {
    String file = weights().toString();
    PullRequest request = new PullRequest(PublishedEncoder.require("resnet34"), file, null, null);
    assertThatThrownBy(() -> pull(null, request))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining("the file holds no tensor of resnet34");
    assertThat(store.list()).isEmpty();
  }

  @Test
  void refusesAPoolingBeforeAnythingIsFetched() {
    assertThatThrownBy(() -> pull(null, request("http://unused.invalid/x", null, Pooling.CLS)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("efficientnet-b0 can be pooled by gap, gem, not by cls");
  }

  @Test
  void refusesAnAddressThatIsNone() {
    assertThatThrownBy(() -> pull(null, request("http://host/a b", null, null)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'http://host/a b' is no address: Illegal character in path at character 14");
  }

  @Test
  void everyEncoderHasItsPublishedPlace() {
    assertThat(PublishedEncoder.all())
        .extracting(PublishedEncoder::architecture)
        .containsExactlyInAnyOrderElementsOf(ArchitectureCatalog.all());
    assertThatThrownBy(() -> PublishedEncoder.require("resnet18"))
        .hasMessageContaining("there is no encoder 'resnet18' to pull; there are [clip-vit-b32");
  }

  private PullResult pull(FileServer server, PullRequest request) {
    DownloadSettings settings =
        new DownloadSettings(
            URI.create("http://unused.invalid/"),
            Optional.empty(),
            server == null ? URI.create("http://unused.invalid/") : server.base(),
            folder.resolve("cache"),
            Duration.ofMinutes(1),
            1,
            Duration.ZERO);
    return new EncoderPull(store, new WeightDownload(settings, Map.of()), Clock.systemUTC())
        .run(
            request,
            new PullProgress() {
              @Override
              public void step(String sentence) {
                steps.add(sentence);
              }

              @Override
              public void received(long received, OptionalLong total) {
                assertThat(received).isNotNegative();
              }
            });
  }

  private static PullRequest request(String from, EncoderName name, Pooling pooling) {
    return new PullRequest(PublishedEncoder.require(NAME), from, name, pooling);
  }

  private Path weights() throws IOException {
    FormulaWeights formula = new FormulaWeights(1.8);
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    for (TensorSpec weight : ArchitectureCatalog.require(NAME).build().weights()) {
      tensors.put(
          weight.name(),
          TestTensor.of(TensorType.F32, weight.shape(), () -> formula.values(weight)));
    }
    tensors.put("classifier.1.weight", TestTensor.of(TensorType.F32, List.of(1L), 1f));
    return CheckpointFiles.torchZip(folder.resolve("downloaded.pth"), tensors);
  }
}
