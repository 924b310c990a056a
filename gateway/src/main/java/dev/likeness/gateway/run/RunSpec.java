package dev.likeness.gateway.run;

import org.jspecify.annotations.Nullable;

/**
 * What is run. Paths are kept as the client gave them and checked against the roots whenever they
 * are used.
 *
 * @param datasetPath directory of the data set
 * @param encoder name of the encoder
 * @param topK names per query, 1 to 1000
 * @param labelsPath labels file, null to look for the truth in the data set
 * @param outputPath directory for submissions, results and reports, null for the run's own
 * @param rerank how the answers are ranked; {@link Rerank#NONE} where a file of an earlier version
 *     says nothing
 */
public record RunSpec(
    String datasetPath,
    String encoder,
    int topK,
    @Nullable String labelsPath,
    @Nullable String outputPath,
    Rerank rerank) {

  /** Names per query when none are asked for. */
  public static final int DEFAULT_TOP_K = 10;

  /** Most names per query: more than any competition asks for, and within one search request. */
  public static final int MAX_TOP_K = 1000;

  /** Rejects what no run can be made of. */
  @SuppressWarnings("NullAway") // a run.json without the member is read as null
  public RunSpec {
    rerank = rerank == null ? Rerank.NONE : rerank;
    if (datasetPath.isBlank()) {
      throw new InvalidRequestException(
          "spec.dataset_path", "the data set is missing; give the absolute path of its directory");
    }
    if (encoder.isBlank()) {
      throw new InvalidRequestException(
          "spec.encoder", "the encoder is missing; './likeness encoders list' shows the names");
    }
    if (topK < 1 || topK > MAX_TOP_K) {
      throw new InvalidRequestException(
          "spec.top_k", "top_k must lie between 1 and %d, got %d".formatted(MAX_TOP_K, topK));
    }
  }
}
