package dev.likeness.index.collection;

import dev.likeness.index.collection.UpsertOutcome.Refused;
import dev.likeness.index.error.IndexException;
import dev.likeness.index.vector.VectorChange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Vectors that become durable and visible together. A vector that breaks a rule is refused alone;
 * the others are written. The last of equal ids wins. For one thread.
 */
public final class UpsertBatch {

  private final CollectionName name;
  private final CollectionSettings settings;
  private final CollectionWrites writes;
  private final List<VectorChange> accepted = new ArrayList<>();
  private final List<Refused> refused = new ArrayList<>();
  private int size;

  UpsertBatch(CollectionName name, CollectionSettings settings, CollectionWrites writes) {
    this.name = name;
    this.settings = settings;
    this.writes = writes;
  }

  /**
   * Adds the next vector.
   *
   * @param input reads the vector; an {@link IndexException} from it refuses this vector
   */
  public void add(Supplier<VectorInput> input) {
    int position = size++;
    Collection.requireBatch("vectors", size);
    try {
      VectorInput vector = input.get();
      Collection.requireDimension(name, settings, vector.values().length);
      accepted.add(
          new VectorChange.Put(
              vector.id(),
              vector.payload(),
              settings.similarity().prepare("values", vector.values())));
    } catch (IndexException e) {
      refused.add(new Refused(position, e));
    }
  }

  /**
   * Returns when all accepted vectors are on the device and visible.
   *
   * @throws dev.likeness.index.error.StorageFailureException if the disk refuses; then none is
   *     written
   * @throws dev.likeness.index.error.IndexFullException if there is no memory; then none is written
   */
  public UpsertOutcome commit() {
    if (!accepted.isEmpty()) {
      writes.commit(List.copyOf(accepted));
    }
    return new UpsertOutcome(accepted.size(), refused);
  }
}
