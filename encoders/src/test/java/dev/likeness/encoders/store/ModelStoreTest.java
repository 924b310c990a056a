package dev.likeness.encoders.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.store.ModelStoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {

  private static final EncoderName NAME = new EncoderName("shoes");
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  @TempDir private Path root;
  private ModelStore store;

  @BeforeEach
  void open() {
    store = ModelStore.open(root);
  }

  @Test
  void publishesVersionsOneAfterAnother() {
    ModelPackage first = store.publish(TestDrafts.draft("shoes", "one", null));
    ModelPackage second = store.publish(TestDrafts.draft("shoes", "two", null));

    assertThat(first.version()).isEqualTo(new ModelVersion(NAME, 1));
    assertThat(second.version()).isEqualTo(new ModelVersion(NAME, 2));
    assertThat(store.find(NAME)).contains(second);
    assertThat(store.find(first.version())).contains(first);
    assertThat(store.list()).containsExactly(first, second);
    assertThat(first.onnxPath()).hasContent("one");
    first.checkHashes();
  }

  @Test
  void ordersVersionsByNumberNotByText() {
    for (int i = 0; i < 10; i++) {
      store.publish(TestDrafts.draft("shoes", "v" + i, null));
    }
    assertThat(store.find(NAME).orElseThrow().version().version()).isEqualTo(10);
  }

  @Test
  void removesAVersionAndDoesNotGiveItsNumberAgain() {
    ModelPackage first = store.publish(TestDrafts.draft("shoes", "one", null));
    ModelPackage second = store.publish(TestDrafts.draft("shoes", "two", null));

    assertThat(store.remove(second.version())).isTrue();

    assertThat(store.list()).containsExactly(first);
    assertThat(second.directory()).doesNotExist();
    assertThat(store.remove(second.version())).isFalse();
    assertThat(store.remove(first.version())).isTrue();
    assertThat(store.find(NAME)).isEmpty();
    ModelPackage third = ModelStore.open(root).publish(TestDrafts.draft("shoes", "three", null));
    assertThat(third.version()).isEqualTo(new ModelVersion(NAME, 3));
  }

  @Test
  void finishesARemovalThatACrashCutOff() throws IOException {
    // Given: renamed, not yet deleted
    ModelPackage only = store.publish(TestDrafts.draft("shoes", "one", null));
    Path renamed = root.resolve("shoes").resolve(".removed-0");
    Files.move(only.directory(), renamed);

    // When
    ModelStore reopened = ModelStore.open(root);

    // Then
    assertThat(reopened.list()).isEmpty();
    assertThat(renamed).doesNotExist();
  }

  @Test
  void findsNothingInAnEmptyStore() {
    assertThat(store.find(NAME)).isEmpty();
    assertThat(store.find(new ModelVersion(NAME, 3))).isEmpty();
    assertThat(store.list()).isEmpty();
  }

  @Test
  void publishesTheResultOfOneJobOnce() {
    ModelPackage first = store.publish(TestDrafts.draft("shoes", "one", "job-1"));
    store.publish(TestDrafts.draft("shoes", "other", "job-2"));

    ModelPackage again = store.publish(TestDrafts.draft("shoes", "one", "job-1"));

    assertThat(again).isEqualTo(first);
    assertThat(store.list()).hasSize(2);
    assertThat(store.findByJob(NAME, "job-1")).contains(first);
    assertThat(store.findByJob(NAME, "job-9")).isEmpty();
  }

  @Test
  void givesConcurrentPublishersDifferentVersions() throws Exception {
    // Given: two stores over one folder, as two processes would have
    ModelStore other = ModelStore.open(root);
    List<Callable<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      ModelStore mine = i % 2 == 0 ? store : other;
      PackageDraft draft = TestDrafts.draft("shoes", "content " + i, null);
      tasks.add(() -> mine.publish(draft).version().version());
    }

    // When
    List<Integer> versions = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (Future<Integer> result : threads.invokeAll(tasks)) {
        versions.add(result.get());
      }
    }

    // Then
    assertThat(versions)
        .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 12).boxed().toList());
  }

  @Test
  void ignoresAndRemovesWhatACrashLeft() throws IOException {
    // Given
    ModelPackage whole = store.publish(TestDrafts.draft("shoes", "one", null));
    Path leftover = Files.createDirectories(root.resolve("shoes/.publishing-1234"));
    Files.writeString(leftover.resolve("encoder.onnx"), "half");

    // Then
    assertThat(store.list()).containsExactly(whole);
    assertThat(ModelStore.open(root).list()).containsExactly(whole);
    assertThat(leftover).doesNotExist();
  }

  @Test
  void carriesDataFilesAlongAndChecksThem() throws IOException {
    // Given: a read-only source, as in a shared folder
    Path data = Files.writeString(root.resolve("weights.bin"), "0123456789");
    assertThat(data.toFile().setReadOnly()).isTrue();
    ModelPackage model =
        store.publish(
            TestDrafts.draft(
                "shoes", "graph", null, Map.of("encoder.onnx.data", data, "sub/b.bin", data)));
    model.checkHashes();

    // When
    Path copy = model.directory().resolve("sub/b.bin");
    Files.writeString(copy, "damaged");

    // Then
    assertThatThrownBy(model::checkHashes)
        .isInstanceOfSatisfying(
            ModelStoreException.class,
            wrong -> assertThat(wrong.reason()).isEqualTo(Reason.HASH_MISMATCH))
        .hasMessageContaining("sub/b.bin of model shoes/1 is damaged");
  }

  @Test
  void noticesDamagedAndMissingGraphs() throws IOException {
    ModelPackage model = store.publish(TestDrafts.draft("shoes", "graph", null));
    Files.writeString(model.onnxPath(), "grapf");
    assertThatThrownBy(model::checkHashes).hasMessageContaining("encoder.onnx of model shoes/1");
    Files.delete(model.onnxPath());
    assertThatThrownBy(model::checkHashes).hasMessageContaining("cannot be read");
  }

  @Test
  void leavesDamagedPackagesOutOfTheListAndNamesThemWhenAsked() throws IOException {
    ModelPackage good = store.publish(TestDrafts.draft("hats", "graph", null));
    ModelPackage bad = store.publish(TestDrafts.draft("shoes", "graph", null));
    Files.writeString(bad.directory().resolve("encoder.json"), "{\"formatVersion\": 1");

    assertThat(store.list()).containsExactly(good);
    assertThatThrownBy(() -> store.find(NAME))
        .isInstanceOf(ModelStoreException.class)
        .hasMessageContaining("encoder.json is not a valid card: it is not JSON, or cut short");
  }

  @Test
  void namesTheFieldOfACardThatItDoesNotUnderstand() throws IOException {
    ModelPackage model = store.publish(TestDrafts.draft("shoes", "graph", null));
    Path card = model.directory().resolve("encoder.json");
    Files.writeString(card, Files.readString(card).replace("BILINEAR", "SHARPEST"));
    assertThatThrownBy(() -> store.find(NAME))
        .hasMessageContaining("the value of 'preprocess.filter' is not understood")
        .hasMessageNotContaining("dev.likeness");
  }

  @Test
  void refusesPackageInAnotherEncodersFolder() throws IOException {
    store.publish(TestDrafts.draft("shoes", "graph", null));
    Files.move(root.resolve("shoes"), root.resolve("boots"));
    assertThatThrownBy(() -> store.find(new EncoderName("boots")))
        .hasMessageContaining("must not be renamed");
  }

  @Test
  void ignoresForeignFilesAndFolders() throws IOException {
    Files.createDirectories(root.resolve("Not A Name/1"));
    Files.createDirectories(root.resolve("shoes/01"));
    Files.createDirectories(root.resolve("shoes/latest"));
    Files.writeString(root.resolve("readme"), "text");
    assertThat(store.list()).isEmpty();
    assertThat(store.publish(TestDrafts.draft("shoes", "one", null)).version().version()).isOne();
  }

  // ---- which version serves

  @Test
  void letsTheNewestVersionServeAsLongAsNoneWasPromoted() {
    store.publish(TestDrafts.draft("shoes", "one", null));
    ModelPackage second = store.publish(TestDrafts.draft("shoes", "two", null));

    assertThat(store.serving(NAME)).contains(second);
    assertThat(store.promotions(NAME)).isEmpty();
  }

  @Test
  void keepsServingWhatServedWhenACandidateIsPublished() {
    ModelPackage first = store.publish(TestDrafts.draft("shoes", "one", null));
    ModelPackage candidate = store.publishCandidate(TestDrafts.draft("shoes", "two", "job"));

    assertThat(candidate.version().version()).isEqualTo(2);
    assertThat(store.serving(NAME)).contains(first);
    assertThat(ModelStore.open(root).serving(NAME)).contains(first);
  }

  @Test
  void letsTheFirstCandidateOfANameServe() {
    ModelPackage first = store.publishCandidate(TestDrafts.draft("shoes", "one", "job"));

    assertThat(store.serving(NAME)).contains(first);
  }

  @Test
  void promotesOnceForAJobEvenAfterARollBack() {
    ModelPackage first = store.publish(TestDrafts.draft("shoes", "one", null));
    ModelPackage second = store.publishCandidate(TestDrafts.draft("shoes", "two", "job"));

    Promotion promotion = store.promote(second.version(), "better", "job", NOW);
    assertThat(promotion).isEqualTo(new Promotion(2, 1, NOW, "better", "job"));
    assertThat(store.serving(NAME)).contains(second);
    Promotion back = store.promote(first.version(), "rolled back", null, NOW);
    assertThat(back.previous()).isEqualTo(2);

    assertThat(store.promote(second.version(), "better", "job", NOW)).isEqualTo(promotion);
    assertThat(store.serving(NAME)).contains(first);
    assertThat(store.promotions(NAME)).extracting(Promotion::version).containsExactly(1, 2, 1);
  }

  @Test
  void doesNotPromoteWhatServesAlready() {
    store.publish(TestDrafts.draft("shoes", "one", null));
    ModelPackage second = store.publishCandidate(TestDrafts.draft("shoes", "two", "job"));
    Promotion promotion = store.promote(second.version(), "better", null, NOW);

    assertThat(store.promote(second.version(), "again", null, NOW)).isEqualTo(promotion);
  }

  @Test
  void letsWhatIsPublishedByHandServeAlsoAfterPromotions() {
    ModelPackage first = store.publish(TestDrafts.draft("shoes", "one", null));
    store.publishCandidate(TestDrafts.draft("shoes", "two", "job"));
    assertThat(store.serving(NAME)).contains(first);

    ModelPackage third = store.publish(TestDrafts.draft("shoes", "three", null));

    assertThat(store.serving(NAME)).contains(third);
  }

  @Test
  void letsTheNewestServeWhenThePromotedVersionIsRemoved() {
    ModelPackage first = store.publish(TestDrafts.draft("shoes", "one", null));
    ModelPackage second = store.publishCandidate(TestDrafts.draft("shoes", "two", "job"));

    store.remove(first.version());

    assertThat(store.serving(NAME)).contains(second);
  }

  @Test
  void saysWhichFileOfPromotionsIsDamaged() throws IOException {
    store.publish(TestDrafts.draft("shoes", "one", null));
    Files.writeString(root.resolve("shoes/.promotions.json"), "{\"promotions\":[{}]}");

    assertThatThrownBy(() -> store.serving(NAME))
        .isInstanceOf(ModelStoreException.class)
        .hasMessageContaining(".promotions.json is damaged");
  }
}
