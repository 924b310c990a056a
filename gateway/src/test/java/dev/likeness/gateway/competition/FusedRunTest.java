package dev.likeness.gateway.competition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.submission.Submission;
import dev.likeness.evaluation.submission.SubmissionFile;
import dev.likeness.gateway.TestDataset;
import dev.likeness.gateway.competition.PipelineFixture.Killed;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunResult;
import dev.likeness.gateway.run.RunState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FusedRunTest {

  @TempDir Path folder;

  private PipelineFixture fixture(String home) throws Exception {
    TestDataset data = TestDataset.circle(folder.resolve("data"));
    for (int degrees = 20; degrees < 360; degrees += 37) {
      data.gallery("more__%03d.png".formatted(degrees), String.valueOf(degrees));
    }
    return new PipelineFixture(folder.resolve(home), data.root().toRealPath());
  }

  private static RunResult result(Run run) {
    return ((RunState.Succeeded) run.state()).result();
  }

  @Test
  void ranksBySharesOfEachEncodersScoresBetweenTheirLeastAndGreatest() throws Exception {
    PipelineFixture fixture = fixture("home");

    Run run = fixture.run(fixture.createFused(10, 0.3, 0.7));

    Submission submission = SubmissionFile.read(Path.of(result(run).submissionPath()));
    for (String query : List.of("east__q1.png", "north__q2.png", "west__q3.png")) {
      assertThat(submission.answers().get(query)).isEqualTo(expected(query, 10, 0.3, 0.7));
    }
    assertThat(submission.answers().get("zz__broken.png")).hasSize(10);
    assertThat(submission.answers().get("east__q1.png"))
        .isNotEqualTo(expected("east__q1.png", 10, 1, 0))
        .isNotEqualTo(expected("east__q1.png", 10, 0, 1));
  }

  @Test
  void recordNamesTheEncodersAndOneCollectionOfEachStays() throws Exception {
    PipelineFixture fixture = fixture("home");

    Run run = fixture.run(fixture.createFused(5, 0.25, 0.75));

    JsonNode record = JsonDocument.read(Path.of(result(run).recordPath()));
    assertThat(record.get("model_name").asText()).isEqualTo("circle+mirror");
    assertThat(record.at("/fusion/way").asText()).isEqualTo("min-max");
    assertThat(record.at("/fusion/encoders/1/name").asText()).isEqualTo("mirror");
    assertThat(record.at("/fusion/encoders/1/weight").asDouble()).isEqualTo(0.75);
    assertThat(record.at("/fusion/encoders/1/fingerprint").asText()).isEqualTo("e".repeat(64));
    assertThat(record.get("encoder_fingerprint").asText()).matches("[0-9a-f]{64}");
    assertThat(fixture.index.collectionNames())
        .containsExactlyInAnyOrder(run.id().galleryCollection(0), run.id().galleryCollection(1));
    Run other = fixture.run(fixture.createFused(5, 0.5, 0.5));
    assertThat(result(other).fingerprint()).isNotEqualTo(result(run).fingerprint());
  }

  @Test
  void leavesOutWhatOneOfTheEncodersCannotRead() throws Exception {
    PipelineFixture fixture = fixture("home");
    TestDataset.at(folder.resolve("data"))
        .gallery("east__half.png", "13")
        .query("east__half.png", "13");

    Run run = fixture.run(fixture.createFused(40, 0.5, 0.5));

    Submission submission = SubmissionFile.read(Path.of(result(run).submissionPath()));
    assertThat(submission.answers().get("east__q1.png"))
        .doesNotHaveDuplicates()
        .endsWith("broken.png", "east__half.png");
    assertThat(submission.answers().get("east__half.png")).hasSize(24);
    assertThat(run.warnings())
        .anyMatch(warning -> warning.contains("gallery image 'east__half.png' was left out"))
        .anyMatch(warning -> warning.contains("query image 'east__half.png'"));
  }

  @Test
  void endsWithTheSameBytesWhereverTheGatewayIsKilled() throws Exception {
    PipelineFixture undisturbed = fixture("whole");
    byte[] expected =
        PipelineFixture.submission(undisturbed.run(undisturbed.createFused(10, 0.3, 0.7)));
    int calls = undisturbed.calls.count();
    for (int at = 1; at <= calls; at += 3) {
      PipelineFixture fixture = fixture("killed-" + at);
      int failing = at;
      fixture.calls.interfere(
          (number, _) -> {
            if (number == failing) {
              throw new Killed();
            }
          });
      Run run = fixture.createFused(10, 0.3, 0.7);
      try {
        fixture.run(run);
      } catch (Killed e) {
        fixture.calls.interfere((_, _) -> {});
      }
      assertThat(PipelineFixture.submission(fixture.restart(run))).as("%d", at).isEqualTo(expected);
    }
  }

  /** Over all images that decode: fewer than an encoder's list of candidates is long. */
  private List<String> expected(String query, int k, double circle, double mirror)
      throws Exception {
    double asked = query.matches("\\d+") ? Double.parseDouble(query) : degrees("query").get(query);
    var gallery = degrees("gallery");
    List<String> names = new ArrayList<>(gallery.keySet());
    DoubleUnaryOperator first = minMax(gallery.values(), d -> cos(d - asked));
    DoubleUnaryOperator second = minMax(gallery.values(), d -> cos(2 * d - 2 * asked));
    names.sort(
        Comparator.comparing(
                (String name) -> {
                  double degrees = gallery.get(name);
                  double score =
                      circle * first.applyAsDouble(degrees)
                          + mirror * second.applyAsDouble(degrees);
                  // equal angles have equal scores; the rest lies far apart
                  return -Math.round(score * 1e6);
                })
            .thenComparing(Comparator.naturalOrder()));
    List<String> best = new ArrayList<>(names.subList(0, Math.min(k, names.size())));
    Stream.of("broken.png").filter(_ -> best.size() < k).forEach(best::add);
    return best;
  }

  private static DoubleUnaryOperator minMax(
      Iterable<Double> gallery, DoubleUnaryOperator similarity) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (double degrees : gallery) {
      min = Math.min(min, similarity.applyAsDouble(degrees));
      max = Math.max(max, similarity.applyAsDouble(degrees));
    }
    double least = min;
    double range = max - min;
    return degrees -> (similarity.applyAsDouble(degrees) - least) / range;
  }

  private static double cos(double degrees) {
    return Math.cos(Math.toRadians(degrees));
  }

  private java.util.Map<String, Double> degrees(String part) throws Exception {
    java.util.Map<String, Double> found = new java.util.TreeMap<>();
    try (Stream<Path> files = Files.list(folder.resolve("data/test").resolve(part))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String content = Files.readString(file);
        if (content.matches("\\d+") && !content.equals("13")) {
          found.put(file.getFileName().toString(), Double.valueOf(content));
        }
      }
    }
    return found;
  }
}
