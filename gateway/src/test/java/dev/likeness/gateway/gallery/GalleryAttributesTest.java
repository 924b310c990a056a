package dev.likeness.gateway.gallery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.gateway.attribute.AttributeFileException;
import dev.likeness.gateway.attribute.AttributeValue.Numeric;
import dev.likeness.gateway.attribute.AttributeValue.Text;
import dev.likeness.gateway.filter.FilterExpression;
import dev.likeness.gateway.peer.Calls;
import dev.likeness.gateway.peer.FakeEmbedder;
import dev.likeness.gateway.peer.FakeIndex;
import dev.likeness.gateway.peer.FoundImages;
import dev.likeness.gateway.search.ImageSearch;
import dev.likeness.gateway.search.SearchPatience;
import dev.likeness.service.FileRoots;
import dev.likeness.service.PathOutsideRootsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryAttributesTest {

  private static final String FIRST = "f".repeat(64);
  private static final String SECOND = "a".repeat(64);
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-03-01T10:00:00Z"), ZoneOffset.UTC);

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
    Files.createDirectories(images.resolve("low/deep"));
    for (int degrees = 0; degrees < 60; degrees += 10) {
      draw((degrees < 30 ? "low/" : "") + "at" + degrees + ".jpg", degrees, -60);
    }
    draw("low/deep/at25.jpg", 25, -60);
    describe("file,price,brand\nat0.jpg,0,acme\nat10.jpg,10,acme\nat20.jpg,20,\nlost.jpg,5,none\n");
    store = GalleryStore.open(folder.resolve("galleries"));
  }

  private void draw(String name, int degrees, int secondsLater) throws Exception {
    Path file = Files.writeString(images.resolve(name), String.valueOf(degrees));
    Files.setLastModifiedTime(file, FileTime.from(CLOCK.instant().plusSeconds(secondsLater)));
  }

  private void describe(String text) throws Exception {
    Files.writeString(images.resolve("attributes.csv"), text);
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

  private void create() throws Exception {
    GalleryKeeper keeper = keeper();
    try (keeper) {
      var unused = keeper.create("all", images.toString(), "circle", null);
    }
    keep();
  }

  private void keep() throws InterruptedException {
    try (GalleryKeeper keeper = keeper()) {
      keeper.keep("all");
    }
  }

  private void update() throws Exception {
    try (GalleryKeeper keeper = keeper()) {
      var unused = keeper.update("all", null);
    }
    keep();
  }

  private FoundImages search(String filter) {
    return new ImageSearch(embedder, index, new SearchPatience(Duration.ZERO))
        .byImage("all", null, "1".getBytes(UTF_8), 10, FilterExpression.parse(filter));
  }

  private List<String> names(String filter) {
    return search(filter).images().stream().map(FoundImages.FoundImage::id).toList();
  }

  @Test
  void carriesWhatTheFileSaysAndWhatIsKnownWithoutIt() throws Exception {
    create();

    assertThat(names("price >= 10")).containsExactly("at10.jpg", "at20.jpg");
    assertThat(search("brand = 'acme'").matchingCount()).isEqualTo(2);
    assertThat(names("not exists price")).hasSize(4).doesNotContain("at0.jpg");
    assertThat(names("class = 'low' and file != 'at0.jpg'"))
        .containsExactly("at10.jpg", "at20.jpg", "at25.jpg");
    assertThat(names("folder = 'low/deep'")).containsExactly("at25.jpg");
    assertThat(search("file = 'at20.jpg'").images().getFirst().attributes().values())
        .isEqualTo(
            Map.of(
                "file", new Text("at20.jpg"),
                "folder", new Text("low"),
                "class", new Text("low"),
                "price", new Numeric(20)));
  }

  @Test
  void reportsNamesThatDoNotFit() throws Exception {
    create();
    AttributeReport report = store.require("all").serving().attributes();
    assertThat(report.described()).isEqualTo(3);
    assertThat(report.undescribed()).isEqualTo(4);
    assertThat(report.unknown()).isEqualTo(1);
    assertThat(report.unknownNames()).containsExactly("lost.jpg");
    assertThat(report.undescribedNames())
        .containsExactly("at25.jpg", "at30.jpg", "at40.jpg", "at50.jpg");
  }

  @Test
  void followsItsEncoderWithTheSameAttributes() throws Exception {
    create();
    store = GalleryStore.open(folder.resolve("galleries"));
    embedder.publish(SECOND);
    keep();
    assertThat(store.require("all").serving().encoderVersion()).isEqualTo(2);
    assertThat(names("price >= 10")).containsExactly("at10.jpg", "at20.jpg");
    embedder.publish(FIRST);
    keep();
    assertThat(store.require("all").serving().encoderVersion()).isEqualTo(1);
    assertThat(names("price >= 10")).containsExactly("at10.jpg", "at20.jpg");
  }

  @Test
  void updatesAttributesWithoutEmbeddingAgain() throws Exception {
    create();
    int embedded = embedder.embedded().size();
    describe("file,price\nat50.jpg,100\n");
    assertThat(names("price >= 10")).containsExactly("at10.jpg", "at20.jpg");

    update();

    assertThat(names("price >= 10")).containsExactly("at50.jpg");
    assertThat(embedder.embedded()).hasSize(embedded);
    assertThat(index.collectionNames()).containsExactly("all--" + FIRST.substring(0, 16) + "-1");
  }

  @Test
  void updatesImagesThatAreNewRewrittenOrGone() throws Exception {
    create();
    int embedded = embedder.embedded().size();
    draw("at5.jpg", 5, -60);
    draw("low/at10.jpg", 170, 60);
    Files.delete(images.resolve("at50.jpg"));

    update();

    assertThat(embedder.embedded().subList(embedded, embedder.embedded().size()))
        .containsExactlyInAnyOrder("at5.jpg", "at10.jpg");
    assertThat(names("exists file"))
        .containsExactly(
            "at0.jpg", "at5.jpg", "at20.jpg", "at25.jpg", "at30.jpg", "at40.jpg", "at10.jpg");
  }

  @Test
  void keepsTheVersionBeforeWhenItIsUpdated() throws Exception {
    create();
    embedder.publish(SECOND);
    keep();
    update();
    int embedded = embedder.embedded().size();
    assertThat(store.require("all").previous().fingerprint()).isEqualTo(FIRST);

    embedder.publish(FIRST);
    keep();

    assertThat(names("price >= 10")).containsExactly("at10.jpg", "at20.jpg");
    assertThat(embedder.embedded()).hasSize(embedded);
    assertThat(index.collectionNames()).hasSize(2);
  }

  @Test
  void endsTheSameWhereverAnUpdateIsKilled() throws Exception {
    int killed = 0;
    for (int kill = 1; killed == kill - 1; kill++) {
      // Given
      describe("file,price\nat0.jpg,1\n");
      draw("at55.jpg", 55, -60);
      if (store.find("all").isEmpty()) {
        create();
      } else {
        update();
      }
      // When
      Files.delete(images.resolve("at55.jpg"));
      draw("at5.jpg", 5 + kill, 60);
      describe("file,price\nat40.jpg," + kill + "\n");
      try (GalleryKeeper keeper = keeper()) {
        calls.interfere((_, _) -> {});
        var unused = keeper.update("all", null);
      }
      int at = kill + calls.count();
      calls.interfere(
          (number, _) -> {
            if (number == at) {
              throw new Killed();
            }
          });
      try {
        keep();
      } catch (Killed e) {
        killed++;
      }
      calls.interfere((_, _) -> {});
      assertThat(search("exists file").images()).hasSizeBetween(7, 9);
      // Then
      store = GalleryStore.open(folder.resolve("galleries"));
      keep();
      assertThat(names("price = " + kill)).containsExactly("at40.jpg");
      assertThat(names("exists price")).containsExactly("at40.jpg");
      assertThat(names("exists file")).contains("at5.jpg").doesNotContain("at55.jpg");
      assertThat(index.collectionNames()).hasSize(1);
    }
    assertThat(killed).isGreaterThan(10);
  }

  @Test
  void refusesAFileThatCannotBeUsedAndStaysAsItWas() throws Exception {
    create();
    describe("file,price:number\nat0.jpg,cheap\n");
    try (GalleryKeeper keeper = keeper()) {
      assertThatThrownBy(() -> keeper.update("all", null))
          .isInstanceOf(AttributeFileException.class)
          .hasMessageContaining("line 2: column 'price': 'cheap' is no number");
      assertThatThrownBy(() -> keeper.update("all", "/etc/passwd"))
          .isInstanceOf(PathOutsideRootsException.class);
      assertThatThrownBy(() -> keeper.update("all", folder.resolve("absent.csv").toString()))
          .hasMessageContaining("there is no such file");
      assertThatThrownBy(() -> keeper.update("none", null))
          .isInstanceOf(GalleryException.NotFound.class);
      assertThatThrownBy(() -> keeper.create("other", images.toString(), "circle", "/etc/passwd"))
          .isInstanceOf(PathOutsideRootsException.class);
    }
    assertThat(store.require("all").revision()).isZero();
    embedder.publish(SECOND);
    keep();
    assertThat(store.require("all").trouble()).contains("'cheap' is no number");
    assertThat(names("price >= 10")).containsExactly("at10.jpg", "at20.jpg");
  }

  @Test
  void refusesALinkThatLeavesTheRoots() throws Exception {
    Files.delete(images.resolve("attributes.csv"));
    Files.createSymbolicLink(images.resolve("attributes.csv"), Path.of("/etc/passwd"));
    try (GalleryKeeper keeper = keeper()) {
      assertThatThrownBy(() -> keeper.create("all", images.toString(), "circle", null))
          .isInstanceOf(PathOutsideRootsException.class);
    }
  }

  @Test
  void takesTheFileThatIsNamed() throws Exception {
    Path other = Files.writeString(folder.resolve("other.csv"), "file,class\nat0.jpg,mine\n");
    try (GalleryKeeper keeper = keeper()) {
      Gallery gallery = keeper.create("all", images.toString(), "circle", other.toString());
      assertThat(gallery.attributesPath()).isEqualTo(other.toRealPath().toString());
      assertThat(keeper.create("all", images.toString(), "circle", null).revision()).isZero();
      assertThatThrownBy(
              () ->
                  keeper.create(
                      "all",
                      images.toString(),
                      "circle",
                      images.resolve("attributes.csv").toString()))
          .isInstanceOf(GalleryException.Exists.class);
    }
    keep();
    assertThat(names("class = 'mine'")).containsExactly("at0.jpg");
  }

  @Test
  void readsAGalleryThatWasWrittenBeforeThereWereAttributes() throws Exception {
    Files.writeString(
        Files.createDirectories(folder.resolve("galleries")).resolve("old.json"),
        """
        {"name":"old","images_path":"/i","encoder":"circle","serving":{"collection":"old--f",
        "fingerprint":"f","encoder_version":1,"images":1,"left_out":0,"total":1,
        "switch_time":"2026-01-01T00:00:00Z"},"outdated":[],"trouble":""}
        """);
    Gallery old = GalleryStore.open(folder.resolve("galleries")).require("old");
    assertThat(old.revision()).isZero();
    assertThat(old.attributesPath()).isNull();
    assertThat(old.serving().beginTime()).isNull();
    assertThat(old.collectionFor("f")).isEqualTo("old--f");
  }
}
