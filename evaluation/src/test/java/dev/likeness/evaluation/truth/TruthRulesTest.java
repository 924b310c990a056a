package dev.likeness.evaluation.truth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.evaluation.ImageFolder;
import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.evaluation.dataset.DatasetLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TruthRulesTest {
  private static final String LABELS =
      """
      {"query": {"q1.jpg": "cat", "q2.jpg": "dog"},
       "gallery": {"g1.jpg": "cat", "g2.jpg": "dog", "g3.jpg": "cat"}}
      """;

  @TempDir Path temporary;
  private ImageFolder folder = new ImageFolder(Path.of("unset"));

  @BeforeEach
  void makeFolder() {
    folder =
        new ImageFolder(temporary)
            .with(
                "query/q1.jpg",
                "query/q2.jpg",
                "gallery/g1.jpg",
                "gallery/g2.jpg",
                "gallery/g3.jpg");
  }

  @Test
  void readsClassesFromTheLabelsFile() {
    folder.text("labels.json", LABELS);

    Truth.Known truth = known(TruthRules.find(dataset(), null));

    assertThat(truth.source()).isEqualTo(TruthSource.LABELS_FILE);
    assertThat(truth.relevantTo("q1.jpg")).isEqualTo(Optional.of(Set.of("g1.jpg", "g3.jpg")));
    assertThat(truth.relevantTo("q2.jpg")).isEqualTo(Optional.of(Set.of("g2.jpg")));
    assertThat(truth.coverage().isComplete()).isTrue();
    assertThat(truth.warnings()).isEmpty();
  }

  @Test
  void readsListsOfAnswers() {
    folder.text(
        "labels.json", "{\"test/query/q1.jpg\": [\"test\\\\gallery\\\\g3.jpg\"], \"q2.jpg\": []}");

    Truth.Known truth = known(TruthRules.find(dataset(), null));

    assertThat(truth.relevantTo("q1.jpg")).isEqualTo(Optional.of(Set.of("g3.jpg")));
    assertThat(truth.relevantTo("q2.jpg")).isEqualTo(Optional.of(Set.of()));
  }

  @Test
  void prefersTheGivenFileToTheUsualOne() {
    folder.text("labels.json", LABELS).text("mine.json", "{\"q1.jpg\": [\"g2.jpg\"]}");

    Truth.Known truth = known(TruthRules.find(dataset(), folder.path().resolve("mine.json")));

    assertThat(truth.relevant()).containsOnlyKeys("q1.jpg");
    assertThat(truth.coverage().unlabelledQueries()).isEqualTo(1);
  }

  @Test
  void usesClassFoldersThenNamePrefixes() {
    ImageFolder classes = new ImageFolder(temporary.resolve("classes"));
    classes.with("query/cat/A__1.jpg", "gallery/cat/B__2.jpg", "gallery/dog/A__3.jpg");
    Truth.Known byFolder = known(TruthRules.find(DatasetLayout.read(classes.path()), null));
    assertThat(byFolder.source()).isEqualTo(TruthSource.CLASS_FOLDERS);
    assertThat(byFolder.relevantTo("A__1.jpg")).isEqualTo(Optional.of(Set.of("B__2.jpg")));

    ImageFolder prefixes = new ImageFolder(temporary.resolve("prefixes"));
    prefixes.with("query/A__1.jpg", "query/plain.jpg", "gallery/B__2.jpg", "gallery/A__3.jpg");
    Truth.Known byPrefix = known(TruthRules.find(DatasetLayout.read(prefixes.path()), null));
    assertThat(byPrefix.source()).isEqualTo(TruthSource.NAME_PREFIXES);
    assertThat(byPrefix.relevantTo("A__1.jpg")).isEqualTo(Optional.of(Set.of("A__3.jpg")));
    assertThat(byPrefix.relevantTo("plain.jpg")).isEmpty();
    assertThat(byPrefix.coverage()).isEqualTo(new Truth.Coverage(2, 1, 2, 2));
  }

  @Test
  void isUnknownWithoutAnyLabels() {
    assertThat(TruthRules.find(dataset(), null)).isInstanceOf(Truth.Unknown.class);
  }

  @Test
  void warnsOfLabelsWithoutImage() {
    folder.text(
        "labels.json",
        "{\"query\": {\"q1.jpg\": \"cat\"}, \"gallery\": {\"g1.jpg\": \"cat\", \"a\": \"x\", \"b\": \"x\","
            + " \"c\": \"x\", \"d\": \"x\", \"e\": \"x\", \"f\": \"x\"}}");

    assertThat(TruthRules.find(dataset(), null).warnings())
        .containsExactly(
            "labels name gallery images that do not exist: 6 ('a', 'b', 'c', 'd', 'e', …)");
  }

  @Test
  void refusesAGivenFileThatMatchesNothing() {
    folder.text(
        "other.json", "{\"query\": {\"x.jpg\": \"cat\"}, \"gallery\": {\"y.jpg\": \"cat\"}}");

    assertThatThrownBy(() -> TruthRules.find(dataset(), folder.path().resolve("other.json")))
        .isInstanceOf(TruthException.NothingMatches.class)
        .hasMessageContaining("'x.jpg'");
  }

  @Test
  void keepsLookingWhenTheUsualFileMatchesNothing() {
    folder.text(
        "labels.json", "{\"query\": {\"x.jpg\": \"cat\"}, \"gallery\": {\"y.jpg\": \"cat\"}}");

    Truth truth = TruthRules.find(dataset(), null);

    assertThat(truth).isInstanceOf(Truth.Unknown.class);
    assertThat(truth.warnings()).hasSize(2);
  }

  @Test
  void givesLineAndColumnOfMalformedJson() {
    folder.text("labels.json", "{\"query\":\n  {oops}}");

    assertThatThrownBy(() -> TruthRules.find(dataset(), null))
        .isInstanceOf(TruthException.Malformed.class)
        .hasMessageContaining("line 2, column 4");
  }

  @Test
  void refusesOtherForms() {
    for (String text :
        List.of(
            "[]",
            "{}",
            "3",
            "{\"query\": {}}",
            "{\"q1.jpg\": \"cat\"}",
            "{\"q1.jpg\": [3]}",
            "{\"query\": {\"q1.jpg\": {}}, \"gallery\": {}}",
            "{\"a\": [], \"a\": []}",
            "",
            "{} {}",
            "[".repeat(100_000))) {
      folder.text("labels.json", text);
      assertThatThrownBy(() -> TruthRules.find(dataset(), null))
          .as(text.substring(0, Math.min(40, text.length())))
          .isInstanceOf(TruthException.Malformed.class)
          .message()
          .doesNotContain("java", "jackson", "StreamRead");
    }
  }

  @Test
  void refusesALabelsFileThatLeavesTheFolder() throws IOException {
    ImageFolder inner = new ImageFolder(temporary.resolve("inner"));
    inner.with("query/q1.jpg", "gallery/g1.jpg");
    Path secret = Files.writeString(temporary.resolve("secret"), "password");
    Files.createSymbolicLink(inner.path().resolve("labels.json"), secret);

    assertThatThrownBy(() -> TruthRules.find(DatasetLayout.read(inner.path()), null))
        .isInstanceOf(DatasetException.OutsideRoot.class)
        .hasMessageNotContaining("password");
  }

  @Test
  void saysThatTheGivenFileIsMissing() {
    assertThatThrownBy(() -> TruthRules.find(dataset(), folder.path().resolve("none.json")))
        .isInstanceOf(TruthException.Unreadable.class)
        .hasMessageStartingWith("there is no label file");
  }

  @Test
  void scoresFromTheLabelsFileAlone() {
    folder.text("labels.json", LABELS);
    Path labels = folder.path().resolve("labels.json");

    Truth.Known truth = TruthRules.fromLabels(labels, List.of("q1.jpg", "new.jpg"));

    assertThat(truth.coverage().gallery()).isEqualTo(3);
    assertThat(truth.warnings()).singleElement().asString().contains("'new.jpg'");
    assertThatThrownBy(() -> TruthRules.fromLabels(labels, List.of("new.jpg")))
        .isInstanceOf(TruthException.NothingMatches.class);
  }

  @Test
  void knowsTheClassesOfAGalleryWithoutQueries() {
    assertThat(galleryClasses(folder.path())).isEmpty();
    folder.text("labels.json", LABELS.replace("\"g2.jpg\"", "\"gone.jpg\""));
    assertThat(galleryClasses(folder.path())).isEqualTo(Map.of("g1.jpg", "cat", "g3.jpg", "cat"));

    ImageFolder classes = new ImageFolder(temporary.resolve("classes"));
    classes.with("cat/B__2.jpg", "cat/deep/3.jpg", "4.jpg");
    assertThat(galleryClasses(classes.path())).isEqualTo(Map.of("B__2.jpg", "cat", "3.jpg", "cat"));

    ImageFolder names = new ImageFolder(temporary.resolve("names"));
    names.with("A__1.jpg", "2.jpg");
    assertThat(galleryClasses(names.path())).isEqualTo(Map.of("A__1.jpg", "A"));
  }

  private static Map<String, String> galleryClasses(Path path) {
    return TruthRules.galleryClasses(path, DatasetLayout.readGallery(path));
  }

  private Dataset dataset() {
    return DatasetLayout.read(folder.path());
  }

  private static Truth.Known known(Truth truth) {
    assertThat(truth).isInstanceOf(Truth.Known.class);
    return (Truth.Known) truth;
  }
}
