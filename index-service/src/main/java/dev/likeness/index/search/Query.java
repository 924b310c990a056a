package dev.likeness.index.search;

import dev.likeness.index.vector.VectorId;

/** Where a search starts from. */
public sealed interface Query {

  /** Values that the caller brings. */
  final class OfValues implements Query {
    private final float[] values;

    /**
     * @param values prepared by the collection's similarity; owned by this object from here on
     */
    public OfValues(float[] values) {
      this.values = values;
    }

    /** float32 [dimension]; not to be changed. */
    public float[] values() {
      return values;
    }
  }

  /** A stored vector, which is left out of the answer. */
  record OfStored(VectorId id) implements Query {}
}
