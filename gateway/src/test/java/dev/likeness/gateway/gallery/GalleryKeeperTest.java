package dev.likeness.gateway.gallery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.gateway.peer.Calls;
import dev.likeness.gateway.peer.FakeEmbedder;
import dev.likeness.gateway.peer.FakeIndex;
import dev.likeness.gateway.peer.FoundImages.FoundImage;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.peer.PeerName;
import dev.likeness.gateway.run.InvalidRequestException;
import dev.likeness.gateway.search.ImageSearch;
import dev.likeness.gateway.search.SearchPatience;
import dev.likeness.service.FileRoots;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryKeeperTest {

  private static final String FIRST = "f".repeat(64);
  private static final String SECOND = "a".repeat(64);
  private static final String THIRD = "b".repeat(64);
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);
  private static final int IMAGES = 7;

  /** A gateway that dies: nothing may catch it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  @TempDir private Path folder;
  private final Calls calls = new Calls();
  private final FakeEmbedder embedder = new FakeEmbedder(calls);
  private final FakeIndex index = new FakeIndex(calls);
  private Path images;
  private GalleryStore store;

  @BeforeEach
  void drawImages() throws Exception {
    images = Files.createDirectories(folder.resolve("images"));
    for (int i = 0; i < IMAGES; i++) {
      draw("at" + i * 10 + ".jpg", i * 10);
    }
    store = GalleryStore.open(folder.resolve("galleries"));
    store.create(Gallery.empty("all", images.toString(), "circle", null));
  }

  /** An image that was there before the gallery. */
  private void draw(String name, int degrees) throws Exception {
    Path file = Files.writeString(images.resolve(name), String.valueOf(degrees));
    Files.setLastModifiedTime(file, FileTime.from(CLOCK.instant().minusSeconds(60)));
  }

  private GalleryKeeper keeper() {
    return new GalleryKeeper(
        store,
        embedder,
        index,
        new FileRoots(List.of(folder), null),
        new GalleryOptions(Duration.ofHours(1), 3, 1 << 20, Duration.ZERO),
        CLOCK);
  }

  private void keep() throws InterruptedException {
    try (GalleryKeeper keeper = keeper()) {
      keeper.keep("all");
    }
  }

  private void restart() {
    store = GalleryStore.open(folder.resolve("galleries"));
  }

  private List<String> search() {
    return new ImageSearch(embedder, index, new SearchPatience(Duration.ZERO))
        .byImage("all", null, "21".getBytes(UTF_8), 2, null).images().stream()
            .map(FoundImage::id)
            .toList();
  }

  @Test
  void makesTheFirstGenerationAndPointsTheAliasToIt() throws Exception {
    keep();

    Gallery gallery = store.require("all");
    assertThat(gallery.serving().images()).isEqualTo(IMAGES);
    assertThat(gallery.serving().switchTime()).isEqualTo(CLOCK.instant());
    assertThat(gallery.building()).isNull();
    assertThat(index.alias("all")).contains("all--" + FIRST.substring(0, 16));
    assertThat(search()).containsExactly("at20.jpg", "at30.jpg");
  }

  @Test
  void followsAPromotionAndARollBackWithoutEmbeddingAgain() throws Exception {
    keep();
    embedder.publish(SECOND);
    keep();
    assertThat(store.require("all").serving().encoderVersion()).isEqualTo(2);
    assertThat(store.require("all").previous().encoderVersion()).isEqualTo(1);
    assertThat(search()).containsExactly("at20.jpg", "at30.jpg");
    int embedded = embedder.embedded().size();
    assertThat(embedded).isEqualTo(2 * IMAGES);

    embedder.publish(FIRST);
    keep();

    assertThat(store.require("all").serving().encoderVersion()).isEqualTo(1);
    assertThat(index.alias("all")).contains("all--" + FIRST.substring(0, 16));
    assertThat(embedder.embedded()).hasSize(embedded);
    assertThat(search()).containsExactly("at20.jpg", "at30.jpg");
  }

  @Test
  void searchesEachGenerationAsTheOneBefore() throws Exception {
    keep();
    try (GalleryKeeper keeper = keeper()) {
      assertThat(keeper.engine("all").chosen()).isEqualTo("exact");
      assertThat(keeper.chooseEngine("all", "graph", 0.98).chosen()).isEqualTo("graph");
    }
    embedder.publish(SECOND);
    keep();

    try (GalleryKeeper keeper = keeper()) {
      assertThat(keeper.engine("all").chosen()).isEqualTo("graph");
      assertThat(keeper.engine("all").targetRecall()).isEqualTo(0.98);
    }
  }

  @Test
  void hasNoEngineBeforeItsFirstGeneration() {
    try (GalleryKeeper keeper = keeper()) {
      assertThatThrownBy(() -> keeper.chooseEngine("all", "graph", null))
          .isInstanceOf(GalleryException.NotMade.class)
          .hasMessageContaining("not searchable yet");
    }
  }

  @Test
  void keepsOneGenerationForARollBackAndDeletesOlderOnes() throws Exception {
    keep();
    embedder.publish(SECOND);
    keep();
    embedder.publish(THIRD);
    keep();

    assertThat(index.collectionNames())
        .isEqualTo(Set.of("all--" + SECOND.substring(0, 16), "all--" + THIRD.substring(0, 16)));
    assertThat(store.require("all").outdated()).isEmpty();
  }

  @Test
  void endsTheSameWhereverItIsKilledAndNoSearchFailsMeanwhile() throws Exception {
    keep();
    embedder.publish(SECOND);
    calls.interfere((_, _) -> {});
    keep();
    int callsOfAWholePass = calls.count();
    assertThat(callsOfAWholePass).isGreaterThan(10);

    for (int kill = 1; kill <= callsOfAWholePass; kill++) {
      // Given a gallery on the first version, and a promotion
      embedder.publish(FIRST);
      keep();
      index.collectionNames().stream().filter(name -> !name.contains("ffff")).forEach(index::lose);
      embedder.publish(SECOND);
      // When the gateway is killed at a call
      int at = kill;
      calls.interfere(
          (number, _) -> {
            if (number == at) {
              throw new Killed();
            }
          });
      assertThatThrownBy(this::keep).isInstanceOf(Killed.class);
      calls.interfere((_, _) -> {});
      assertThat(search()).as("search after a kill at call %d", at).hasSize(2);
      // Then it ends where it would have
      restart();
      assertThat(search()).containsExactly("at20.jpg", "at30.jpg");
      keep();
      assertThat(index.alias("all")).contains("all--" + SECOND.substring(0, 16));
      assertThat(store.require("all").serving().images()).isEqualTo(IMAGES);
      assertThat(store.require("all").building()).isNull();
      assertThat(search()).containsExactly("at20.jpg", "at30.jpg");
    }
  }

  @Test
  void waitsForServicesThatAreAwayAndSaysSo() throws Exception {
    calls.interfere(
        (number, call) -> {
          if (call.equals("image") && number > 6) {
            throw new PeerException.Unavailable(
                PeerName.EMBEDDER, "the embedder cannot be reached", false, null);
          }
        });
    keep();
    assertThat(store.require("all").trouble()).isEqualTo("the embedder cannot be reached");
    assertThat(store.require("all").serving()).isNull();

    calls.interfere((_, _) -> {});
    keep();

    assertThat(store.require("all").trouble()).isEmpty();
    assertThat(search()).hasSize(2);
  }

  @Test
  void leavesOutWhatIsNoImage() throws Exception {
    Files.writeString(images.resolve("broken.jpg"), "no angle");
    keep();
    assertThat(store.require("all").serving().leftOut()).isEqualTo(1);
    assertThat(store.require("all").serving().images()).isEqualTo(IMAGES);
  }

  @Test
  void acceptsAGalleryOnceAndRefusesAnotherUnderItsName() throws Exception {
    try (GalleryKeeper keeper = keeper()) {
      assertThat(keeper.create("all", images.toString(), "circle", null).name()).isEqualTo("all");
      assertThatThrownBy(() -> keeper.create("all", images.toString(), "square", null))
          .isInstanceOf(GalleryException.Exists.class);
      assertThatThrownBy(() -> keeper.create("new", images.toString(), "square", null))
          .isInstanceOf(PeerException.Refused.class);
      assertThatThrownBy(() -> keeper.create("No Name", images.toString(), "circle", null))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> keeper.create("out", "/etc", "circle", null))
          .hasMessageContaining("allowed directories");
      assertThatThrownBy(() -> keeper.remove("none")).isInstanceOf(GalleryException.NotFound.class);
    }
  }

  @Test
  void removesEverythingOfAGallery() throws Exception {
    keep();
    try (GalleryKeeper keeper = keeper()) {
      keeper.remove("all");
    }
    assertThat(index.collectionNames()).isEmpty();
    assertThat(index.alias("all")).isEmpty();
    restart();
    assertThat(store.all()).isEmpty();
  }

  @Test
  void leavesFilesAloneThatAreNoGalleries() throws Exception {
    Files.writeString(folder.resolve("galleries/torn.json"), "{\"name\":");
    restart();
    assertThat(store.all()).extracting(Gallery::name).containsExactly("all");
    assertThat(folder.resolve("galleries/torn.json")).exists();
  }
}
