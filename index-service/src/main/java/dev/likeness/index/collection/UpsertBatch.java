package dev.likeness.index.collection;

import dev.likeness.index.collection.UpsertOutcome.Refused;
import dev.likeness.index.error.IndexException;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorScaling;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/**
 * Vectors that become durable and visible together. A vector that breaks a rule is refused alone;
 * the others are written. The last of equal ids wins. For one thread.
 */
public final class UpsertBatch {

  /** Where the accepted vectors of a batch go. */
  public interface Target {

    /**
     * Returns when the vectors are durable and visible.
     *
     * @param puts not empty, in order; the last of equal ids wins
     * @return those that were refused alone, by position in {@code puts}
     */
    List<Refused> write(List<VectorChange> puts);
  }

  private final CollectionName name;
  private final CollectionSettings settings;
  private final VectorScaling scaling;
  private final Target target;
  private final List<VectorChange> accepted = new ArrayList<>();
  private final List<Integer> positions = new ArrayList<>();
  private final List<Refused> refused = new ArrayList<>();
  private int size;

  public UpsertBatch(CollectionName name, CollectionSettings settings, Target target) {
    this(name, settings, VectorScaling.PLAIN, target);
  }

  UpsertBatch(
      CollectionName name, CollectionSettings settings, VectorScaling scaling, Target target) {
    this.name = name;
    this.settings = settings;
    this.scaling = scaling;
    this.target = target;
  }

  /**
   * Adds the next vector.
   *
   * @param input reads the vector; an {@link IndexException} from it refuses this vector
   */
  public void add(Supplier<VectorInput> input) {
    int position = size++;
    VectorCollection.requireBatch("vectors", size);
    try {
      VectorInput vector = input.get();
      settings.requireDimension(name, vector.values().length);
      settings.similarity().prepare("values", vector.values(), scaling);
      accepted.add(new VectorChange.Put(vector.id(), vector.payload(), vector.values()));
      positions.add(position);
    } catch (IndexException e) {
      refused.add(new Refused(position, e));
    }
  }

  /**
   * Returns when all accepted vectors are durable and visible.
   *
   * @throws dev.likeness.index.error.StorageFailureException if the engine refuses; then none is
   *     written
   * @throws dev.likeness.index.error.IndexFullException if there is no memory; then none is written
   */
  public UpsertOutcome commit() {
    List<Refused> outcomes = new ArrayList<>(refused);
    if (!accepted.isEmpty()) {
      for (Refused one : target.write(List.copyOf(accepted))) {
        outcomes.add(new Refused(positions.get(one.position()), one.reason()));
      }
      accepted.clear();
    }
    outcomes.sort(Comparator.comparingInt(Refused::position));
    return new UpsertOutcome(size - outcomes.size(), outcomes);
  }
}
