package dev.likeness.gateway.run;

import org.jspecify.annotations.Nullable;

/**
 * The outcome of a run.
 *
 * @param submissionPath path of the submission
 * @param recordPath path of the run record
 * @param reportPath path of the report
 * @param collection collection that holds the gallery vectors
 * @param queries number of query images
 * @param gallery number of gallery images
 * @param scores the scores, null if the truth is unknown
 * @param seconds where the time went
 * @param fingerprint fingerprint of the encoder
 */
public record RunResult(
    String submissionPath,
    String recordPath,
    String reportPath,
    String collection,
    int queries,
    int gallery,
    @Nullable RunScores scores,
    StageSeconds seconds,
    String fingerprint) {}
