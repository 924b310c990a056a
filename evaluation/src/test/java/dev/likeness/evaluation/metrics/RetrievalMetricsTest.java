package dev.likeness.evaluation.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.evaluation.truth.TruthSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetrievalMetricsTest {
  private static final double TOLERANCE = 1e-12;

  @Test
  void agreesWithTheFixture() throws IOException {
    JsonNode fixture = fixture();
    MetricReport report = RetrievalMetrics.measure(rankings(fixture), truth(fixture), 10, 1);

    compare(report.allQueries(), fixture.at("/expected/all_queries"));
    compare(report.answerableQueries(), fixture.at("/expected/answerable_queries"));
    for (int i = 0; i < report.perQuery().size(); i++) {
      compare(report.perQuery().get(i), fixture.at("/expected/per_query/" + i));
    }
    assertThat(report.perQuery()).hasSize(40);
  }

  @Test
  void leavesWhatLiesBehindTheListsUnknown() {
    Truth.Known truth = truth(Map.of("q", Set.of("b")), 100);

    MetricReport report =
        RetrievalMetrics.measure(Map.of("q", List.of("a", "c", "d", "e", "f")), truth, 5, 1);

    assertThat(report.allQueries().top5()).isEqualTo(0.0);
    assertThat(report.allQueries().top10()).isNull();
    assertThat(report.allQueries().score()).isNull();
    assertThat(report.allQueries().mrr()).isNull();
    assertThat(report.allQueries().mapFull()).isNull();
    assertThat(report.allQueries().atK().precision()).isEqualTo(0.0);
    assertThat(report.intervals()).containsOnlyKeys("top_1", "top_5", "precision_at_k");
  }

  @Test
  void knowsAllWhenTheGalleryIsSmallerThanTheLists() {
    Truth.Known truth = truth(Map.of("q", Set.of("b")), 2);

    MetricReport report = RetrievalMetrics.measure(Map.of("q", List.of("a", "b")), truth, 10, 1);

    assertThat(report.allQueries().top10()).isEqualTo(1.0);
    assertThat(report.allQueries().mapFull()).isEqualTo(0.5);
    assertThat(report.allQueries().atK().precision()).isEqualTo(0.1);
  }

  @Test
  void countsMissingAndShortAnswersAsWrong() {
    Truth.Known truth = truth(Map.of("a", Set.of("g0"), "b", Set.of("g0"), "c", Set.of("g9")), 50);
    List<String> ten = IntStream.range(0, 10).mapToObj(i -> "g" + i).toList();

    MetricReport report =
        RetrievalMetrics.measure(
            Map.of("a", ten, "c", ten.subList(0, 3), "stranger", ten), truth, 10, 1);

    assertThat(report.allQueries().top1()).isEqualTo(1.0 / 3);
    assertThat(report.allQueries().top10()).isEqualTo(1.0 / 3);
    assertThat(report.missingAnswers()).isEqualTo(1);
    assertThat(report.unlabelledQueries()).isEqualTo(1);
  }

  @Test
  void reportsUnknownTruthAsUnknown() {
    MetricReport report =
        RetrievalMetrics.measure(
            Map.of("q", List.of("a")), new Truth.Unknown("no labels", List.of()), 10, 1);

    assertThat(report.isKnown()).isFalse();
    assertThat(report.allQueries().score()).isNull();
    assertThat(report.intervals()).isEmpty();
  }

  @Test
  void aPerfectRunScoresAThousand() {
    assertThat(WeightedScore.of(1, 1, 1)).isEqualTo(1000);
    assertThat(WeightedScore.of(28 / 150.0, 57 / 150.0, 70 / 150.0))
        .isCloseTo(272.6666666666667, within(TOLERANCE));
  }

  @Test
  void figuresKeepTheirOrderForRandomRankings() {
    for (long seed = 1; seed <= 50; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int gallery = random.nextInt(12, 40);
      Map<String, List<String>> rankings = new LinkedHashMap<>();
      Map<String, Set<String>> relevant = new LinkedHashMap<>();
      for (int q = 0; q < 7; q++) {
        List<String> names = new ArrayList<>();
        Set<String> right = new LinkedHashSet<>();
        for (int i = 0; i < gallery; i++) {
          names.add(random.nextInt(names.size() + 1), "g" + i);
          if (random.nextInt(6) == 0) {
            right.add("g" + i);
          }
        }
        rankings.put("q" + q, names);
        relevant.put("q" + q, right);
      }

      MetricValues values =
          RetrievalMetrics.measure(rankings, truth(relevant, gallery), 10, seed).allQueries();

      String message = "seed " + seed;
      assertThat(known(values.top1())).as(message).isLessThanOrEqualTo(known(values.top5()));
      assertThat(known(values.top5())).as(message).isLessThanOrEqualTo(known(values.top10()));
      assertThat(known(values.mrrAt10())).as(message).isLessThanOrEqualTo(known(values.mrr()));
      assertThat(known(values.mrr())).as(message).isBetween(known(values.top1()), 1.0);
      assertThat(known(values.atK().averagePrecisionOverRelevant()))
          .as(message)
          .isLessThanOrEqualTo(known(values.atK().averagePrecision()) + TOLERANCE);
      assertThat(known(values.atK().averagePrecision()))
          .as(message)
          .isLessThanOrEqualTo(known(values.atK().averagePrecisionOverHits()) + TOLERANCE);
      assertThat(known(values.score())).as(message).isBetween(0.0, 1000.0);
    }
  }

  @Test
  void intervalsHoldTheMeanAndDependOnTheSeedOnly() {
    double[] values = new double[200];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % 4 == 0 ? 0 : 1;
    }

    BootstrapInterval interval = BootstrapInterval.ofMean(values, 5);

    assertThat(interval.low()).isBetween(0.65, 0.72);
    assertThat(interval.high()).isBetween(0.78, 0.84);
    assertThat(BootstrapInterval.ofMean(values, 5)).isEqualTo(interval);
    assertThat(BootstrapInterval.ofMean(new double[] {0.5}, 5).low()).isEqualTo(0.5);
  }

  private static void compare(MetricValues values, JsonNode expected) {
    assertThat(values.queries()).isEqualTo(expected.get("queries").intValue());
    close(values.top1(), expected, "top1_accuracy");
    close(values.top5(), expected, "top5_accuracy");
    close(values.top10(), expected, "top10_accuracy");
    close(values.atK().accuracy(), expected, "top10_accuracy");
    close(values.atK().precision(), expected, "precision_at_10");
    close(values.atK().recall(), expected, "recall_at_10");
    close(values.atK().averagePrecision(), expected, "map_at_10");
    close(values.atK().averagePrecisionOverRelevant(), expected, "map_at_10_denominator_R");
    close(values.atK().averagePrecisionOverHits(), expected, "map_at_10_denominator_hits");
    close(values.mapFull(), expected, "map_full");
    close(values.mrr(), expected, "mrr");
    close(values.mrrAt10(), expected, "mrr_at_10");
    close(values.score(), expected, "weighted_score");
  }

  private static void compare(QueryMetrics query, JsonNode expected) {
    assertThat(query.relevant()).isEqualTo(expected.get("relevant_in_gallery").intValue());
    JsonNode rank = expected.get("first_relevant_rank");
    assertThat(query.firstRelevantRank())
        .isEqualTo(rank.isNull() || rank.intValue() == 0 ? null : (Integer) rank.intValue());
    assertThat(query.hitWithin(1) ? 1 : 0).isEqualTo(expected.get("top1").intValue());
    assertThat(query.hitWithin(5) ? 1 : 0).isEqualTo(expected.get("top5").intValue());
    assertThat(query.hitWithin(10) ? 1 : 0).isEqualTo(expected.get("top10").intValue());
    close(query.at10().precision(), expected, "precision_at_10");
    close(query.at10().recall(), expected, "recall_at_10");
    close(query.at10().averagePrecision(), expected, "ap_at_10");
    close(query.averagePrecision(), expected, "ap_full");
    close(query.reciprocalRank(), expected, "reciprocal_rank");
  }

  private static void close(@Nullable Double actual, JsonNode expected, String name) {
    assertThat(known(actual))
        .as(name)
        .isCloseTo(expected.required(name).doubleValue(), within(TOLERANCE));
  }

  private static double known(@Nullable Double value) {
    return Objects.requireNonNull(value, "the value is known");
  }

  private static Truth.Known truth(Map<String, Set<String>> relevant, int gallery) {
    return new Truth.Known(
        TruthSource.LABELS_FILE,
        new LinkedHashMap<>(relevant),
        new Truth.Coverage(relevant.size(), relevant.size(), gallery, gallery),
        List.of());
  }

  private static Truth.Known truth(JsonNode fixture) {
    SequencedMap<String, Set<String>> relevant = new LinkedHashMap<>();
    JsonNode gallery = fixture.get("gallery_labels");
    for (int q = 0; q < fixture.get("query_labels").size(); q++) {
      Set<String> right = new LinkedHashSet<>();
      for (int g = 0; g < gallery.size(); g++) {
        if (gallery.get(g).equals(fixture.get("query_labels").get(q))) {
          right.add("g" + g);
        }
      }
      relevant.put("q" + q, right);
    }
    return truth(relevant, gallery.size());
  }

  private static Map<String, List<String>> rankings(JsonNode fixture) {
    Map<String, List<String>> rankings = new LinkedHashMap<>();
    for (JsonNode ranking : fixture.get("rankings")) {
      List<String> names = new ArrayList<>();
      ranking.forEach(index -> names.add("g" + index.intValue()));
      rankings.put("q" + rankings.size(), names);
    }
    return rankings;
  }

  private static JsonNode fixture() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            RetrievalMetricsTest.class.getResourceAsStream("/metrics/metrics.json"))) {
      return new ObjectMapper().readTree(in);
    }
  }
}
