package dev.likeness.index.collection;

import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorId;

/** A vector as a caller brings it, before the collection has looked at its values. */
public final class VectorInput {

  private final VectorId id;
  private final Payload payload;
  private final float[] values;

  /**
   * @param values float32, any length; owned by this object from here on
   */
  public VectorInput(VectorId id, Payload payload, float[] values) {
    this.id = id;
    this.payload = payload;
    this.values = values;
  }

  VectorId id() {
    return id;
  }

  Payload payload() {
    return payload;
  }

  float[] values() {
    return values;
  }
}
