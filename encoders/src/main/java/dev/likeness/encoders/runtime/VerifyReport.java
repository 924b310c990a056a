package dev.likeness.encoders.runtime;

import dev.likeness.encoders.store.ModelVersion;

/**
 * What checking a package against its golden pair gave.
 *
 * @param cosine between the expected and the computed vector, 1 when equal
 * @param maxAbsoluteDifference largest difference of a component
 * @param passed whether that is at most 1e-4
 */
public record VerifyReport(
    ModelVersion version, double cosine, double maxAbsoluteDifference, boolean passed) {

  /** One sentence for people. */
  public String summary() {
    return "%s %s its golden pair: cosine %.7f, largest difference %.2e"
        .formatted(version, passed ? "matches" : "does NOT match", cosine, maxAbsoluteDifference);
  }
}
