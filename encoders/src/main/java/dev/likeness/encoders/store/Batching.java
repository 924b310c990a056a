package dev.likeness.encoders.store;

/**
 * What was measured about batches when the package was made.
 *
 * @param dynamic whether the graph takes more than one image per run
 * @param invariant whether an image's vector is the same (within 1e-5) whatever else is in its
 *     batch
 */
public record Batching(boolean dynamic, boolean invariant) {

  /**
   * Whether several images may go through one run; otherwise the runtime serves them one by one.
   */
  public boolean allowed() {
    return dynamic && invariant;
  }
}
