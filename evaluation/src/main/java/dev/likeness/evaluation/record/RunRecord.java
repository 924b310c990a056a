package dev.likeness.evaluation.record;

import dev.likeness.evaluation.metrics.BootstrapInterval;
import dev.likeness.evaluation.metrics.MetricReport;
import dev.likeness.evaluation.metrics.MetricValues;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a run. Null is "unknown" or "does not apply", never zero. In the file all members
 * lie side by side, under the names of {@link RunRecordFile}.
 *
 * @param modelName name of the encoder or ensemble; null in records that lack it
 * @param runId id of the run
 * @param scores how good the run was
 * @param training how the encoder was trained
 * @param inputs what the run was measured on
 * @param times how long it took
 */
public record RunRecord(
    @Nullable String modelName,
    @Nullable String runId,
    Scores scores,
    Training training,
    Inputs inputs,
    Times times) {

  /**
   * @param topK number of answers per query
   * @param topKAccuracy share of queries with a right image among the first k
   * @param precisionAtK mean share of right images among the first k
   * @param score 600 · top-1 + 300 · top-5 + 100 · top-10
   * @param intervals figure → 95 % bootstrap interval; unknown figures have none
   */
  public record Scores(
      @Nullable Integer topK,
      @Nullable Double topKAccuracy,
      @Nullable Double precisionAtK,
      @Nullable Double score,
      @Nullable Double top1,
      @Nullable Double top5,
      @Nullable Double top10,
      @Nullable Double precisionAt10,
      @Nullable Double mapAt10,
      @Nullable Double mrr,
      @Nullable Double mrrAt10,
      SequencedMap<String, BootstrapInterval> intervals) {
    public Scores {
      intervals = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(intervals));
    }

    /** The figures over all labelled queries. */
    public static Scores of(MetricReport report) {
      MetricValues values = report.allQueries();
      return new Scores(
          report.k(),
          values.atK().accuracy(),
          values.atK().precision(),
          values.score(),
          values.top1(),
          values.top5(),
          values.top10(),
          values.at10().precision(),
          values.at10().averagePrecision(),
          values.mrr(),
          values.mrrAt10(),
          report.intervals());
    }
  }

  /**
   * @param finetuned whether the encoder was fine-tuned
   * @param numClasses number of training classes
   * @param lossFunction name of the loss
   * @param numEpochs number of passes over the training images
   * @param finalTrainLoss loss of the last epoch
   * @param poolingType for example {@code GAP} or {@code GeM}
   * @param batchSize images per step, or per inference batch for a frozen encoder
   */
  public record Training(
      @Nullable Boolean finetuned,
      @Nullable Integer numClasses,
      @Nullable String lossFunction,
      @Nullable Integer numEpochs,
      @Nullable Double finalTrainLoss,
      @Nullable String poolingType,
      @Nullable Integer batchSize) {

    /** An encoder used as it came. */
    public static Training frozen(@Nullable String poolingType, @Nullable Integer batchSize) {
      return new Training(false, null, null, null, null, poolingType, batchSize);
    }
  }

  /**
   * @param queries number of query images
   * @param gallery number of gallery images
   * @param encoderFingerprint hash of all that changes a vector
   * @param datasetHash {@link dev.likeness.evaluation.dataset.Dataset#hash()}
   * @param seed seed of the confidence intervals
   * @param rerank how answers were ranked beyond the similarity; null for the similarity alone
   * @param fusion how the scores of several encoders were joined; null for a single encoder
   */
  public record Inputs(
      @Nullable Integer queries,
      @Nullable Integer gallery,
      @Nullable String encoderFingerprint,
      @Nullable String datasetHash,
      @Nullable Long seed,
      @Nullable String rerank,
      @Nullable Fusion fusion) {}

  /**
   * @param way for example {@code min-max}
   * @param encoders those whose scores were joined
   */
  public record Fusion(String way, List<FusedEncoder> encoders) {
    public Fusion {
      encoders = List.copyOf(encoders);
    }
  }

  /**
   * @param name of the encoder
   * @param fingerprint hash of all that changes a vector of it
   * @param weight its share of the joined score
   */
  public record FusedEncoder(String name, @Nullable String fingerprint, double weight) {}

  /**
   * @param runtimeSeconds whole run
   * @param secondsPerStage stage ({@code decode}, {@code embed}, {@code index}, {@code search}, …)
   *     → seconds, in order of the run
   */
  public record Times(
      @Nullable Double runtimeSeconds, SequencedMap<String, Double> secondsPerStage) {
    public Times {
      secondsPerStage = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(secondsPerStage));
    }
  }
}
