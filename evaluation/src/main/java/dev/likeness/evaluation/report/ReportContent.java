package dev.likeness.evaluation.report;

import dev.likeness.evaluation.dataset.Dataset;
import dev.likeness.evaluation.metrics.MetricReport;
import dev.likeness.evaluation.truth.Truth;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * All that a report shows.
 *
 * @param runId id of the run
 * @param createdAt when the run ended
 * @param encoder name of the encoder or ensemble
 * @param encoderFingerprint its fingerprint, null when unknown
 * @param dataset the images
 * @param datasetHash hash of the images, null when it was not computed
 * @param truth the right answers
 * @param metrics the figures
 * @param answers query name → answers, best first
 * @param secondsPerStage stage → seconds, in the order of the run; without the total
 * @param warnings what a person should know, for example queries that did not decode
 */
public record ReportContent(
    String runId,
    Instant createdAt,
    String encoder,
    @Nullable String encoderFingerprint,
    Dataset dataset,
    @Nullable String datasetHash,
    Truth truth,
    MetricReport metrics,
    SequencedMap<String, List<RankedImage>> answers,
    SequencedMap<String, Double> secondsPerStage,
    List<String> warnings) {
  public ReportContent {
    Objects.requireNonNull(runId, "runId");
    Objects.requireNonNull(createdAt, "createdAt");
    Objects.requireNonNull(encoder, "encoder");
    Objects.requireNonNull(dataset, "dataset");
    Objects.requireNonNull(truth, "truth");
    Objects.requireNonNull(metrics, "metrics");
    answers = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(answers));
    secondsPerStage = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(secondsPerStage));
    warnings = List.copyOf(warnings);
  }
}
