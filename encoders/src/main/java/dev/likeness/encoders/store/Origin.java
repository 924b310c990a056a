package dev.likeness.encoders.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a package's weights come from. Null means that it does not apply or is unknown.
 *
 * @param kind {@code import}, {@code architecture}, {@code projection}, {@code ensemble}, {@code
 *     quantization} or {@code training}
 * @param trained whether the weights were learned from images; a seeded start is not; null is
 *     unknown
 * @param source file name or URL; for a quantization the model it was made from
 * @param sourceSha256 SHA-256 of that file, or that model's fingerprint, hexadecimal
 * @param jobId training job; also the key under which a publication happens once
 * @param datasetHash SHA-256 of the training set's listing, or of the calibration images,
 *     hexadecimal
 * @param seed of the initialisation or training
 * @param metrics validation figures by name; empty where none were measured
 * @param licence of the weights, as their publisher states it
 */
public record Origin(
    String kind,
    @Nullable Boolean trained,
    @Nullable String source,
    @Nullable String sourceSha256,
    @Nullable String jobId,
    @Nullable String datasetHash,
    @Nullable Long seed,
    @Nullable Map<String, Double> metrics,
    @Nullable String licence) {

  public Origin {
    metrics = metrics == null ? Map.of() : Map.copyOf(metrics);
  }

  /** Of weights whose licence is not known. */
  public Origin(
      String kind,
      @Nullable Boolean trained,
      @Nullable String source,
      @Nullable String sourceSha256,
      @Nullable String jobId,
      @Nullable String datasetHash,
      @Nullable Long seed,
      @Nullable Map<String, Double> metrics) {
    this(kind, trained, source, sourceSha256, jobId, datasetHash, seed, metrics, null);
  }

  public static Origin ofImport(String fileName, String sha256) {
    return new Origin("import", null, fileName, sha256, null, null, null, null);
  }

  public static Origin ofArchitecture(long seed) {
    return new Origin("architecture", false, null, null, null, null, seed, null);
  }

  public static Origin ofJob(String kind, String jobId, String datasetHash, @Nullable Long seed) {
    return new Origin(kind, true, null, null, jobId, datasetHash, seed, null);
  }
}
