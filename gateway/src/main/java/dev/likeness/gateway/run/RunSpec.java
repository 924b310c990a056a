package dev.likeness.gateway.run;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is run. Paths are kept as the client gave them and checked against the roots whenever they
 * are used.
 *
 * @param datasetPath directory of the data set
 * @param encoder name of the encoder; with a fusion several of them, separated by commas
 * @param topK names per query, 1 to 1000
 * @param labelsPath labels file, null to look for the truth in the data set
 * @param outputPath directory for submissions, results and reports, null for the run's own
 * @param rerank how the answers are ranked; {@link Rerank#NONE} where a file of an earlier version
 *     says nothing
 * @param fusion how the scores of several encoders are joined, null for a single encoder
 */
public record RunSpec(
    String datasetPath,
    String encoder,
    int topK,
    @Nullable String labelsPath,
    @Nullable String outputPath,
    Rerank rerank,
    @Nullable ScoreFusion fusion) {

  /** Names per query when none are asked for. */
  public static final int DEFAULT_TOP_K = 10;

  /** Most names per query: more than any competition asks for, and within one search request. */
  public static final int MAX_TOP_K = 1000;

  /** Each has a collection of its own, and more of them are a mistake. */
  private static final int MAX_ENCODERS = 8;

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
    checkEncoders(encoder, rerank, fusion);
    if (topK < 1 || topK > MAX_TOP_K) {
      throw new InvalidRequestException(
          "spec.top_k", "top_k must lie between 1 and %d, got %d".formatted(MAX_TOP_K, topK));
    }
  }

  /** By one encoder. */
  public RunSpec(
      String datasetPath,
      String encoder,
      int topK,
      @Nullable String labelsPath,
      @Nullable String outputPath,
      Rerank rerank) {
    this(datasetPath, encoder, topK, labelsPath, outputPath, rerank, null);
  }

  /** The names between the commas of a list of encoders. */
  public static List<String> names(String encoders) {
    return Arrays.stream(encoders.split(",", -1)).map(String::strip).toList();
  }

  /** The encoders, at least one. */
  public List<String> encoders() {
    return names(encoder);
  }

  private static void checkEncoders(String encoder, Rerank rerank, @Nullable ScoreFusion fusion) {
    List<String> names = names(encoder);
    if (fusion == null) {
      if (names.size() > 1) {
        throw new InvalidRequestException(
            "spec.fusion",
            "'%s' names several encoders; set fusion to min-max to join their scores"
                .formatted(encoder));
      }
      return;
    }
    if (names.size() < 2
        || names.size() > MAX_ENCODERS
        || names.stream().anyMatch(String::isEmpty)
        || Set.copyOf(names).size() < names.size()
        || fusion.shares().size() != names.size()) {
      throw new InvalidRequestException(
          "spec.encoder",
          "a fusion takes 2 to %d different encoders, separated by commas, got '%s'"
              .formatted(MAX_ENCODERS, encoder));
    }
    if (rerank != Rerank.NONE) {
      throw new InvalidRequestException(
          "spec.rerank",
          "fused scores cannot be re-ranked by the index; leave out rerank or fusion");
    }
  }
}
