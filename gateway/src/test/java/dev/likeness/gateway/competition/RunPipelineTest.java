package dev.likeness.gateway.competition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.submission.Submission;
import dev.likeness.evaluation.submission.SubmissionFile;
import dev.likeness.gateway.TestDataset;
import dev.likeness.gateway.competition.PipelineFixture.Killed;
import dev.likeness.gateway.peer.PeerName;
import dev.likeness.gateway.run.Rerank;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunResult;
import dev.likeness.gateway.run.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPipelineTest {

  @TempDir Path folder;

  private PipelineFixture circle() throws Exception {
    return circle("home");
  }

  private PipelineFixture circle(String home) throws Exception {
    return new PipelineFixture(
        folder.resolve(home), TestDataset.circle(folder.resolve("data")).root().toRealPath());
  }

  private static RunResult result(Run run) {
    return ((RunState.Succeeded) run.state()).result();
  }

  private static String failure(Run run) {
    return ((RunState.Failed) run.state()).reason();
  }

  @Test
  void writesSubmissionRecordAndReport() throws Exception {
    // Given
    PipelineFixture fixture = circle();
    // When
    Run run = fixture.run(fixture.create(10));
    // Then
    RunResult result = result(run);
    Submission submission = SubmissionFile.read(Path.of(result.submissionPath()));
    assertThat(submission.answers().get("east__q1.png"))
        .hasSize(10)
        .startsWith("east__g0.png", "east__g1.png", "east__g2.png", "east__g3.png");
    assertThat(submission.answers().get("west__q3.png")).startsWith("west__g0.png");
    var record = JsonDocument.read(Path.of(result.recordPath()));
    assertThat(record.get("run_id").asText()).isEqualTo(run.id().value());
    assertThat(record.get("batch_size").asInt()).isEqualTo(4);
    assertThat(Path.of(result.reportPath())).content().contains(run.id().value());
    assertThat(result.scores().top1()).isEqualTo(0.75);
    assertThat(result.scores().scoreLow()).isNotNull();
    assertThat(result.seconds().decode()).isEqualTo(0.25 * 15);
    assertThat(result.seconds().embed()).isEqualTo(0.5 * 15);
  }

  @Test
  void keepsTheGalleryCollectionAndDeletesTheQueries() throws Exception {
    PipelineFixture fixture = circle();
    Run run = fixture.run(fixture.create(5));
    assertThat(fixture.index.collectionNames()).containsExactly(run.id().galleryCollection());
    assertThat(result(run).collection()).isEqualTo(run.id().galleryCollection());
  }

  @Test
  void answersAQueryThatDoesNotDecodeWithTheNeighborsOfTheMean() throws Exception {
    PipelineFixture fixture = circle();
    Run run = fixture.run(fixture.create(3));
    Submission submission = SubmissionFile.read(Path.of(result(run).submissionPath()));
    // the mean of 3, 88 and 182 degrees points to 90 degrees and a little more
    assertThat(submission.answers().get("zz__broken.png"))
        .hasSize(3)
        .allMatch(name -> name.startsWith("north"));
    assertThat(run.warnings())
        .anyMatch(warning -> warning.contains("zz__broken.png") && warning.contains("no image"))
        .anyMatch(warning -> warning.contains("'broken.png' was left out"));
  }

  @Test
  void endsWithTheSameBytesWhereverThePeersGoAway() throws Exception {
    byte[] expected = uninterrupted();
    int calls = callsOfARun();
    for (int at = 1; at <= calls; at++) {
      PeerName peer = PeerName.values()[at % 2];
      PipelineFixture fixture = circle("away-%d-%s".formatted(at, peer));
      int failing = at;
      fixture.calls.interfere(
          (number, _) -> {
            if (number == failing || number == failing + 1) {
              throw PipelineFixture.away(peer);
            }
          });
      Run run = fixture.run(fixture.create(10));
      assertThat(run.state()).as("call %d", at).isInstanceOf(RunState.Succeeded.class);
      assertThat(PipelineFixture.submission(run)).as("call %d", at).isEqualTo(expected);
    }
  }

  @Test
  void endsWithTheSameBytesWhereverTheGatewayIsKilled() throws Exception {
    byte[] expected = uninterrupted();
    int calls = callsOfARun();
    for (int at = 1; at <= calls; at++) {
      // Given
      PipelineFixture fixture = circle("killed-" + at);
      int failing = at;
      fixture.calls.interfere(
          (number, _) -> {
            if (number == failing) {
              throw new Killed();
            }
          });
      Run run = fixture.create(10);
      try {
        fixture.run(run);
      } catch (Killed e) {
        fixture.calls.interfere((_, _) -> {});
      }
      // When
      Run ended = fixture.restart(run);
      // Then
      assertThat(PipelineFixture.submission(ended)).as("call %d", at).isEqualTo(expected);
      assertThat(recordsOf(ended)).as("call %d", at).hasSize(1);
    }
  }

  @Test
  void endsWithTheSameBytesThoughItIsInterruptedAllTheTime() throws Exception {
    byte[] expected = uninterrupted();
    PipelineFixture fixture = circle("all-the-time");
    Run run = fixture.create(10);
    fixture.calls.interfere(
        (number, _) -> {
          if (number % 29 == 0) {
            throw new Killed();
          }
        });
    Run ended = run;
    for (int i = 0; i < 200 && !ended.state().isFinal(); i++) {
      try {
        ended = fixture.restart(run);
      } catch (Killed e) {
        // the next start goes on
      }
    }
    assertThat(PipelineFixture.submission(ended)).isEqualTo(expected);
  }

  @Test
  void ranksAllQueriesTogetherWithTheSameBytesWhereverTheGatewayIsKilled() throws Exception {
    // Given
    PipelineFixture undisturbed = circle("reranked");
    Run whole = undisturbed.run(undisturbed.create(10, Rerank.K_RECIPROCAL));
    byte[] expected = PipelineFixture.submission(whole);
    int calls = undisturbed.calls.count();
    assertThat(undisturbed.index.rerankedRequests()).containsExactly(3); // one has no vector
    assertThat(expected).isNotEqualTo(uninterrupted());
    for (int at = 1; at <= calls; at++) {
      PipelineFixture fixture = circle("reranked-killed-" + at);
      int failing = at;
      fixture.calls.interfere(
          (number, _) -> {
            if (number == failing) {
              throw new Killed();
            }
          });
      Run run = fixture.create(10, Rerank.K_RECIPROCAL);
      try {
        fixture.run(run);
      } catch (Killed e) {
        fixture.calls.interfere((_, _) -> {});
      }
      // When
      Run ended = fixture.restart(run);
      // Then
      assertThat(PipelineFixture.submission(ended)).as("call %d", at).isEqualTo(expected);
    }
  }

  @Test
  void notesInTheRecordHowAnswersWereRanked() throws Exception {
    PipelineFixture fixture = circle();
    Run reranked = fixture.run(fixture.create(10, Rerank.QUERY_EXPANSION));
    assertThat(record(reranked).get("rerank").asText()).isEqualTo("query-expansion");
    Run plain = fixture.run(fixture.create(10));
    assertThat(record(plain).has("rerank")).isFalse();
  }

  private static JsonNode record(Run run) throws Exception {
    return JsonDocument.read(Path.of(result(run).recordPath()));
  }

  private byte[] uninterrupted() throws Exception {
    PipelineFixture fixture = circle("uninterrupted");
    return PipelineFixture.submission(fixture.run(fixture.create(10)));
  }

  private int callsOfARun() throws Exception {
    PipelineFixture fixture = circle("counted");
    fixture.run(fixture.create(10));
    return fixture.calls.count();
  }

  private static List<Path> recordsOf(Run run) throws Exception {
    try (Stream<Path> files = Files.list(Path.of(result(run).recordPath()).getParent())) {
      return files.toList();
    }
  }

  @Test
  void embedsOnlyWhatTheIndexDoesNotHave() throws Exception {
    PipelineFixture fixture = circle();
    Run run = fixture.create(10);
    fixture.calls.interfere(
        (_, call) -> {
          if (call.equals("search")) {
            throw new Killed();
          }
        });
    try {
      fixture.run(run);
    } catch (Killed e) {
      fixture.calls.interfere((_, _) -> {});
    }
    fixture.restart(run);
    assertThat(fixture.embedder.embedded()).hasSize(15).doesNotHaveDuplicates();
  }

  @Test
  void warnsOnceThatAPeerWasAway() throws Exception {
    PipelineFixture fixture = circle();
    fixture.calls.interfere(
        (number, _) -> {
          if (number % 5 == 0) {
            throw PipelineFixture.away(PeerName.INDEX);
          }
        });
    Run run = fixture.run(fixture.create(10));
    assertThat(run.warnings()).filteredOn(warning -> warning.contains("away")).hasSize(1);
  }

  @Test
  void givesUpWhenThePatienceIsUsedUp() throws Exception {
    PipelineFixture fixture = circle();
    fixture.calls.interfere(
        (_, call) -> {
          if (call.equals("upsert")) {
            throw PipelineFixture.away(PeerName.INDEX);
          }
        });
    Run run = fixture.run(fixture.create(10));
    assertThat(failure(run)).contains("index", "300 s", "create the run again");
  }

  @Test
  void startsOverWhenTheEncoderChangesInTheMiddle() throws Exception {
    // Given
    PipelineFixture fixture = circle();
    List<String> seen = new ArrayList<>();
    fixture.calls.interfere(
        (_, call) -> {
          seen.add(call);
          if (seen.stream().filter("image"::equals).count() == 8) {
            fixture.embedder.publish("a".repeat(64));
          }
        });
    // When
    Run run = fixture.run(fixture.create(10));
    // Then
    assertThat(result(run).fingerprint()).isEqualTo("a".repeat(64));
    assertThat(run.warnings()).anyMatch(warning -> warning.contains("started over"));
    assertThat(result(run).scores().top1()).isEqualTo(0.75);
  }

  @Test
  void givesUpOnAnEncoderThatKeepsChanging() throws Exception {
    PipelineFixture fixture = circle();
    fixture.calls.interfere(
        (number, call) -> {
          if (call.equals("image")) {
            fixture.embedder.publish(String.format("%064x", number));
          }
        });
    assertThat(failure(fixture.run(fixture.create(10)))).contains("changed in the middle");
  }

  @Test
  void startsOverWhenACollectionIsDeleted() throws Exception {
    byte[] expected = uninterrupted();
    PipelineFixture fixture = circle();
    Run run = fixture.create(10);
    boolean[] lost = new boolean[1];
    fixture.calls.interfere(
        (_, call) -> {
          if (call.equals("search") && !lost[0]) {
            lost[0] = true;
            fixture.index.lose(run.id().galleryCollection());
          }
        });
    assertThat(PipelineFixture.submission(fixture.run(run))).isEqualTo(expected);
  }

  @Test
  void listsTheWholeGalleryWhenItIsSmallerThanAsked() throws Exception {
    Path data = folder.resolve("small");
    TestDataset.at(data).query("q.png", "1").gallery("a.png", "90").gallery("b.png", "2");
    PipelineFixture fixture = new PipelineFixture(folder.resolve("home"), data.toRealPath());
    Run run = fixture.run(fixture.create(10));
    assertThat(SubmissionFile.read(Path.of(result(run).submissionPath())).answers().get("q.png"))
        .containsExactly("b.png", "a.png");
    assertThat(run.warnings()).anyMatch(warning -> warning.contains("fewer than the 10 names"));
    assertThat(result(run).scores()).isNull();
    assertThat(run.warnings()).anyMatch(warning -> warning.contains("score is unknown"));
  }

  @Test
  void fillsUpWithUnreadableImagesWhenTooFewCanBeRead() throws Exception {
    Path data = folder.resolve("few");
    TestDataset.at(data)
        .query("q.png", "1")
        .gallery("a.png", "no")
        .gallery("b.png", "2")
        .gallery("c.png", "no");
    PipelineFixture fixture = new PipelineFixture(folder.resolve("home"), data.toRealPath());
    Run run = fixture.run(fixture.create(2));
    assertThat(SubmissionFile.read(Path.of(result(run).submissionPath())).answers().get("q.png"))
        .containsExactly("b.png", "a.png");
  }

  @Test
  void takesTheFirstNamesWhenNoQueryDecodes() throws Exception {
    Path data = folder.resolve("blind");
    TestDataset.at(data).query("q.png", "no").gallery("b.png", "2").gallery("a.png", "90");
    PipelineFixture fixture = new PipelineFixture(folder.resolve("home"), data.toRealPath());
    Run run = fixture.run(fixture.create(1));
    assertThat(SubmissionFile.read(Path.of(result(run).submissionPath())).answers().get("q.png"))
        .containsExactly("a.png");
  }

  @Test
  void failsWhenNoGalleryImageDecodes() throws Exception {
    Path data = folder.resolve("broken");
    TestDataset.at(data).query("q.png", "1").gallery("a.png", "no").gallery("b.png", "no");
    PipelineFixture fixture = new PipelineFixture(folder.resolve("home"), data.toRealPath());
    Run run = fixture.run(fixture.create(1));
    assertThat(failure(run)).contains("none of the 2 gallery images", "a.png", "no image");
    assertThat(fixture.index.collectionNames()).isEmpty();
  }

  @Test
  void failsWithTheRuleWhenTheDatasetIsGone() throws Exception {
    PipelineFixture fixture = circle();
    Run run = fixture.create(10);
    Files.move(folder.resolve("data/test/gallery"), folder.resolve("data/test/moved"));
    assertThat(failure(fixture.run(run))).contains("gallery");
  }

  @Test
  void goesOnLaterWhenItsThreadIsInterrupted() throws Exception {
    PipelineFixture fixture = circle();
    Run run = fixture.create(10);
    fixture.calls.interfere(
        (_, call) -> {
          if (call.equals("search")) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted");
          }
        });
    try {
      fixture.run(run);
    } catch (InterruptedException e) {
      Thread.interrupted();
    }
    Thread.interrupted();
    fixture.calls.interfere((_, _) -> {});
    assertThat(fixture.restart(run).state()).isInstanceOf(RunState.Succeeded.class);
  }
}
