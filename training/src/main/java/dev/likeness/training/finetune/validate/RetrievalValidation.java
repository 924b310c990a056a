package dev.likeness.training.finetune.validate;

import dev.likeness.evaluation.metrics.BootstrapInterval;
import dev.likeness.evaluation.metrics.MetricReport;
import dev.likeness.evaluation.metrics.QueryMetrics;
import dev.likeness.evaluation.metrics.RetrievalMetrics;
import dev.likeness.evaluation.metrics.WeightedScore;
import dev.likeness.evaluation.truth.Truth;
import dev.likeness.evaluation.truth.TruthSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Ranks held-out images by the cosine of their vectors. Each image in turn is the query and all
 * others are its gallery, because a fixed division would leave half of a small set unasked.
 * Immutable.
 */
public final class RetrievalValidation {

  private static final int TOP = 10;

  private final int[] labels;
  private final Truth.Known truth;

  private RetrievalValidation(int[] labels, Truth.Known truth) {
    this.labels = labels;
    this.truth = truth;
  }

  /**
   * @param labels class of each held-out image; at least one class has two
   */
  public static RetrievalValidation of(int[] labels) {
    LinkedHashMap<String, Set<String>> relevant = new LinkedHashMap<>();
    for (int query = 0; query < labels.length; query++) {
      Set<String> right = new LinkedHashSet<>();
      for (int other = 0; other < labels.length; other++) {
        if (other != query && labels[other] == labels[query]) {
          right.add(name(other));
        }
      }
      if (!right.isEmpty()) {
        relevant.put(name(query), right);
      }
    }
    if (relevant.isEmpty()) {
      throw new IllegalArgumentException("no two held-out images are of one class");
    }
    Truth.Known truth =
        new Truth.Known(
            TruthSource.CLASS_FOLDERS,
            relevant,
            new Truth.Coverage(labels.length, relevant.size(), labels.length, labels.length),
            List.of());
    return new RetrievalValidation(labels.clone(), truth);
  }

  /** A validation's figures, with the score of each query for comparisons. */
  public record Result(ValidationScore score, List<Double> queryScores) {
    public Result {
      queryScores = List.copyOf(queryScores);
    }
  }

  /**
   * @param vectors of the images in the order of their labels, any length but 0
   */
  public Result measure(float[][] vectors) {
    float[][] unit = new float[vectors.length][];
    for (int i = 0; i < vectors.length; i++) {
      unit[i] = unit(vectors[i]);
    }
    Map<String, List<String>> rankings = new LinkedHashMap<>();
    for (String query : truth.relevant().keySet()) {
      rankings.put(query, ranking(unit, Integer.parseInt(query)));
    }
    MetricReport report = RetrievalMetrics.measure(rankings, truth, TOP, 0);
    return result(report.perQuery());
  }

  /**
   * The same queries before and after.
   *
   * @param seed of the bootstrap
   */
  public static ScoreDifference difference(Result before, Result after, long seed) {
    double[] differences =
        IntStream.range(0, before.queryScores().size())
            .mapToDouble(i -> after.queryScores().get(i) - before.queryScores().get(i))
            .toArray();
    BootstrapInterval interval = BootstrapInterval.ofMean(differences, seed);
    double mean = IntStream.range(0, differences.length).mapToDouble(i -> differences[i]).sum();
    return new ScoreDifference(mean / differences.length, interval.low(), interval.high());
  }

  private Result result(List<QueryMetrics> queries) {
    double count = queries.size();
    double top1 = queries.stream().filter(query -> query.hitWithin(1)).count() / count;
    double top5 = queries.stream().filter(query -> query.hitWithin(5)).count() / count;
    double top10 = queries.stream().filter(query -> query.hitWithin(TOP)).count() / count;
    double precision = 0;
    double averagePrecision = 0;
    List<Double> scores = new ArrayList<>();
    for (QueryMetrics query : queries) {
      precision += known(query.at10().precision());
      averagePrecision += known(query.at10().averagePrecision());
      scores.add(
          WeightedScore.of(
              query.hitWithin(1) ? 1 : 0,
              query.hitWithin(5) ? 1 : 0,
              query.hitWithin(TOP) ? 1 : 0));
    }
    return new Result(
        new ValidationScore(
            WeightedScore.of(top1, top5, top10),
            top1,
            top5,
            top10,
            precision / count,
            averagePrecision / count,
            queries.size(),
            labels.length - 1),
        scores);
  }

  private static double known(@org.jspecify.annotations.Nullable Double value) {
    return value == null ? 0 : value;
  }

  /** The ten best, best first; equal ones in the order of the set. */
  private static List<String> ranking(float[][] unit, int query) {
    int[] best = new int[TOP];
    double[] similarity = new double[TOP];
    int found = 0;
    for (int other = 0; other < unit.length; other++) {
      if (other == query) {
        continue;
      }
      double value = dot(unit[query], unit[other]);
      int place = found;
      while (place > 0 && similarity[place - 1] < value) {
        place--;
      }
      if (place == TOP) {
        continue;
      }
      found = Math.min(found + 1, TOP);
      System.arraycopy(best, place, best, place + 1, found - place - 1);
      System.arraycopy(similarity, place, similarity, place + 1, found - place - 1);
      best[place] = other;
      similarity[place] = value;
    }
    return IntStream.range(0, found).mapToObj(i -> name(best[i])).toList();
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static float[] unit(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    double length = Math.max(Math.sqrt(squares), 1e-12);
    float[] unit = new float[vector.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = (float) (vector[i] / length);
    }
    return unit;
  }

  private static String name(int image) {
    return String.valueOf(image);
  }
}
