package dev.likeness.gateway.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStoreTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-31T09:45:02.123Z"), ZoneOffset.UTC);
  private static final RunSpec SPEC =
      new RunSpec("/data", "resnet50", 10, null, "/out", Rerank.K_RECIPROCAL);

  @TempDir Path directory;
  RunStore store;

  @BeforeEach
  void openStore() {
    store = open();
  }

  private RunStore open() {
    return RunStore.open(directory, CLOCK, new Random(1));
  }

  @Test
  void keepsTheFusionOfARun() {
    RunSpec fused =
        new RunSpec(
            "/data", "a,b", 10, null, null, Rerank.NONE, new ScoreFusion(List.of(0.25, 0.75)));
    Run run = store.create(fused, null);

    RunStore again = open();

    assertThat(again.require(run.id().value()).spec()).isEqualTo(fused);
  }

  @Test
  void answersTheSameRunForTheSameRequest() {
    Run first = store.create(SPEC, "request-1");
    assertThat(store.create(SPEC, "request-1")).isEqualTo(first);
    assertThat(open().create(SPEC, "request-1")).isEqualTo(first);
    assertThat(store.all()).hasSize(1);
  }

  @Test
  void refusesTheSameRequestWithAnotherSpec() {
    store.create(SPEC, "request-1");
    assertThatThrownBy(
            () ->
                store.create(
                    new RunSpec("/other", "resnet50", 10, null, null, Rerank.NONE), "request-1"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("request_id");
  }

  @Test
  void givesIdsThatSortByCreationThoughTheClockStandsStill() {
    List<RunId> ids = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      ids.add(store.create(SPEC, null).id());
    }
    assertThat(ids).isSorted().doesNotHaveDuplicates();
    assertThat(ids.getFirst().value()).startsWith("20260131-094502-123-");
  }

  @Test
  void readsEveryStateBackAsItWasSaved() {
    // Given
    Instant now = CLOCK.instant();
    TreeMap<String, String> leftOut = new TreeMap<>();
    leftOut.put("a.jpg", "it is broken");
    RunWork work =
        RunWork.NONE
            .pin("abc")
            .spent(new StageSeconds(1, 2, 3, 4, 0), 8)
            .leaveOut(RunStage.GALLERY, leftOut);
    RunState.Running running =
        new RunState.Queued().start(now).enter(RunStage.SEARCH, 7).advance(3);
    RunScores scores = new RunScores(0.5, 0.6, null, null, null, null, 0.7, 4, 1.0, 2.0);
    RunResult result =
        new RunResult("/s", "/r", "/h", "run-x", 4, 9, scores, StageSeconds.NONE, "abc");
    List<RunState> states =
        List.of(
            new RunState.Queued(),
            running,
            running.succeed(result, now),
            running.fail("the index is full", now));
    // When
    List<Run> saved = new ArrayList<>();
    for (RunState state : states) {
      Run run = store.create(SPEC, null).with(state).with(work).withWarning("careful");
      store.save(run);
      saved.add(run);
    }
    // Then
    assertThat(open().all()).isEqualTo(saved);
  }

  @Test
  void readsARunFromBeforeThereWasReranking() throws Exception {
    Run run = store.create(SPEC, null);
    Path file = store.directory(run.id()).resolve("run.json");
    String earlier = Files.readString(file).replaceFirst(",\\s*\"rerank\"\\s*:\\s*\"[^\"]*\"", "");
    assertThat(earlier).doesNotContain("rerank");
    Files.writeString(file, earlier);
    assertThat(open().require(run.id().value()).spec().rerank()).isEqualTo(Rerank.NONE);
  }

  @Test
  void survivesTornAndForeignDirectories() throws Exception {
    // Given
    Run whole = store.create(SPEC, null);
    Run torn = store.create(SPEC, null);
    Path file = store.directory(torn.id()).resolve("run.json");
    byte[] bytes = Files.readAllBytes(file);
    Files.createDirectory(directory.resolve("notes"));
    Files.writeString(directory.resolve("README"), "hello");
    Files.createDirectory(directory.resolve("20260131-094502-999-aaaa"));
    for (int length = 0; length < bytes.length - 1; length += 7) {
      Files.write(file, java.util.Arrays.copyOf(bytes, length));
      // When
      RunStore reopened = open();
      // Then
      assertThat(reopened.all()).containsExactly(whole);
      assertThat(reopened.problems()).hasSize(4);
    }
    assertThat(file).exists();
  }

  @Test
  void reportsARunThatLiesInTheDirectoryOfAnother() throws Exception {
    Run run = store.create(SPEC, null);
    Files.move(store.directory(run.id()), directory.resolve("20260131-094502-999-aaaa"));
    assertThat(open().all()).isEmpty();
    assertThat(open().problems()).singleElement().asString().contains(run.id().value());
  }

  @Test
  void ignoresATemporaryFileThatACrashLeftBehind() throws Exception {
    Run run = store.create(SPEC, null);
    Files.writeString(store.directory(run.id()).resolve(".123.partial"), "{");
    assertThat(open().all()).containsExactly(run);
    assertThat(open().problems()).isEmpty();
  }

  @Test
  void leavesNoTemporaryFilesBehind() throws Exception {
    Run run = store.create(SPEC, null);
    try (Stream<Path> files = Files.list(store.directory(run.id()))) {
      assertThat(files).singleElement().asString().endsWith("run.json");
    }
  }

  @Test
  void tellsListenersUntilTheyLeave() {
    List<Run> seen = new ArrayList<>();
    Runnable leave = store.listen(seen::add);
    Run run = store.create(SPEC, null);
    store.show(run.withWarning("a"));
    leave.run();
    store.show(run.withWarning("b"));
    assertThat(seen).containsExactly(run, run.withWarning("a"));
  }

  @Test
  void doesNotSaveWhatIsOnlyShown() {
    Run run = store.create(SPEC, null);
    store.show(run.withWarning("a"));
    assertThat(open().all()).containsExactly(run);
  }

  @Test
  void namesTheRunThatDoesNotExist() {
    for (String id : List.of("../../etc", "", "20260131-094502-123-aaaa")) {
      assertThatThrownBy(() -> store.require(id)).isInstanceOf(RunNotFoundException.class);
    }
  }
}
