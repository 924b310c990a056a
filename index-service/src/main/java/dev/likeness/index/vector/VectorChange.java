package dev.likeness.index.vector;

/** One step of a batch, in the form in which it is logged and indexed. */
public sealed interface VectorChange {

  VectorId id();

  /** Stores a vector, in place of an earlier one with the same id. */
  final class Put implements VectorChange {
    private final VectorId id;
    private final Payload payload;
    private final float[] values;

    /**
     * @param values prepared by {@link Similarity#prepare}; owned by this object from here on, and
     *     never changed
     */
    public Put(VectorId id, Payload payload, float[] values) {
      this.id = id;
      this.payload = payload;
      this.values = values;
    }

    @Override
    public VectorId id() {
      return id;
    }

    public Payload payload() {
      return payload;
    }

    /** The values themselves, float32 [dimension]; the engine reads them without a copy. */
    public float[] values() {
      return values;
    }
  }

  /** Removes a vector; nothing happens when there is none with this id. */
  record Delete(VectorId id) implements VectorChange {}
}
