package dev.likeness.evaluation.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.evaluation.ImageFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetLayoutTest {
  @TempDir Path temporary;
  private ImageFolder folder = new ImageFolder(Path.of("unset"));

  @BeforeEach
  void makeFolder() {
    folder = new ImageFolder(temporary.resolve("data"));
  }

  @Test
  void readsTheCompetitionLayout() {
    folder.with(
        "training/cat/a.jpg", "training/ant/a.jpg", "test/query/q.png", "test/gallery/g.jpg");

    Dataset dataset = DatasetLayout.read(folder.path());

    assertThat(dataset.query()).extracting(ImageFile::name).containsExactly("q.png");
    assertThat(dataset.gallery()).extracting(ImageFile::name).containsExactly("g.jpg");
    assertThat(dataset.training()).extracting(ImageFile::className).containsExactly("ant", "cat");
    assertThat(dataset.trainingClasses()).containsExactly("ant", "cat");
  }

  @Test
  void readsTheFlatLayoutAndPrefersTest() {
    folder.with("query/flat.jpg", "gallery/g.jpg", "train/x/1.jpg", "test/query/nested.jpg");

    Dataset dataset = DatasetLayout.read(folder.path());

    assertThat(dataset.query()).extracting(ImageFile::name).containsExactly("nested.jpg");
    assertThat(dataset.training()).hasSize(1);
  }

  @Test
  void knowsEveryImageEndingAndIgnoresOtherFiles() {
    folder.with(
        "query/b.JPG",
        "query/a.Jpeg",
        "query/c.webp",
        "query/d.GIF",
        "query/e.bmp",
        "query/f.pNg",
        "query/.hidden.jpg",
        "query/Thumbs.db",
        "query/readme.txt",
        "query/jpg",
        "gallery/g.jpg");

    assertThat(DatasetLayout.read(folder.path()).query())
        .extracting(ImageFile::name)
        .containsExactly("a.Jpeg", "b.JPG", "c.webp", "d.GIF", "e.bmp", "f.pNg");
  }

  @Test
  void takesClassesFromFoldersBelowQueryAndGallery() {
    folder.with("query/cat/q.jpg", "gallery/cat/deep/g.jpg", "gallery/loose.jpg");

    Dataset dataset = DatasetLayout.read(folder.path());

    assertThat(dataset.query().getFirst().className()).isEqualTo("cat");
    assertThat(dataset.gallery()).extracting(ImageFile::className).containsExactly("cat", null);
  }

  @Test
  void namesBothImagesOfADuplicateName() {
    folder.with("query/q.jpg", "gallery/cat/same.jpg", "gallery/dog/same.jpg");

    assertThatThrownBy(() -> DatasetLayout.read(folder.path()))
        .isInstanceOf(DatasetException.DuplicateName.class)
        .hasMessageContaining("cat/same.jpg")
        .hasMessageContaining("dog/same.jpg");
  }

  @Test
  void refusesALinkThatLeavesTheFolder() throws IOException {
    folder.with("query/q.jpg", "gallery/g.jpg");
    Path secret = Files.writeString(temporary.resolve("secret.jpg"), "secret");
    Files.createSymbolicLink(folder.path().resolve("gallery/link.jpg"), secret);

    assertThatThrownBy(() -> DatasetLayout.read(folder.path()))
        .isInstanceOf(DatasetException.OutsideRoot.class)
        .hasMessageContaining("link.jpg");
  }

  @Test
  void refusesALinkedFolderThatLeavesTheFolder() throws IOException {
    folder.with("query/q.jpg");
    new ImageFolder(temporary.resolve("elsewhere")).with("g.jpg");
    Files.createSymbolicLink(folder.path().resolve("gallery"), temporary.resolve("elsewhere"));

    assertThatThrownBy(() -> DatasetLayout.read(folder.path()))
        .isInstanceOf(DatasetException.OutsideRoot.class);
  }

  @Test
  void followsLinksInsideTheFolderAndALinkToIt() throws IOException {
    folder.with("query/q.jpg", "gallery/g.jpg");
    Files.createSymbolicLink(
        folder.path().resolve("gallery/again.jpg"), folder.path().resolve("gallery/g.jpg"));
    Path link = Files.createSymbolicLink(temporary.resolve("link"), folder.path());

    assertThat(DatasetLayout.read(link).gallery()).hasSize(2);
  }

  @Test
  void reportsALinkThatPointsToItsParent() throws IOException {
    folder.with("query/q.jpg", "gallery/g.jpg");
    Files.createSymbolicLink(folder.path().resolve("query/loop"), folder.path().resolve("query"));

    assertThatThrownBy(() -> DatasetLayout.read(folder.path()))
        .isInstanceOf(DatasetException.class);
  }

  @Test
  void reportsALinkThatPointsToNothing() throws IOException {
    folder.with("query/q.jpg", "gallery/g.jpg");
    Files.createSymbolicLink(folder.path().resolve("query/gone.jpg"), Path.of("nowhere.jpg"));

    assertThatThrownBy(() -> DatasetLayout.read(folder.path()))
        .isInstanceOf(DatasetException.Unreadable.class)
        .hasMessageContaining("points to nothing");
  }

  @Test
  void tellsMissingAndEmptyPartsApart() throws IOException {
    assertThatThrownBy(() -> DatasetLayout.read(folder.path()))
        .isInstanceOf(DatasetException.MissingDirectory.class);

    folder.with("gallery/g.jpg");
    assertThatThrownBy(() -> DatasetLayout.read(folder.path()))
        .isInstanceOf(DatasetException.MissingPart.class)
        .hasMessageContaining("no query folder");

    folder.with("query/notes.txt");
    assertThatThrownBy(() -> DatasetLayout.read(folder.path()))
        .isInstanceOf(DatasetException.EmptyQuery.class)
        .hasMessageContaining("1 other files");

    folder.with("query/q.jpg");
    Files.delete(folder.path().resolve("gallery/g.jpg"));
    assertThatThrownBy(() -> DatasetLayout.read(folder.path()))
        .isInstanceOf(DatasetException.EmptyGallery.class)
        .hasMessageContaining("it is empty");
  }

  @Test
  void hashFollowsNamesAndBytesOnly() throws IOException {
    folder.with("query/q.jpg", "gallery/g.jpg", "gallery/h.jpg");
    String hash = DatasetLayout.read(folder.path()).hash();

    ImageFolder copy =
        new ImageFolder(temporary.resolve("copy"))
            .with("query/q.jpg", "gallery/g.jpg", "gallery/h.jpg", "gallery/notes.txt");
    assertThat(DatasetLayout.read(copy.path()).hash()).isEqualTo(hash).hasSize(64);

    copy.text("gallery/h.jpg", "gallery/h.jpG");
    assertThat(DatasetLayout.read(copy.path()).hash()).isNotEqualTo(hash);

    Files.move(folder.path().resolve("gallery/h.jpg"), folder.path().resolve("gallery/i.jpg"));
    assertThat(DatasetLayout.read(folder.path()).hash()).isNotEqualTo(hash);
  }
}
