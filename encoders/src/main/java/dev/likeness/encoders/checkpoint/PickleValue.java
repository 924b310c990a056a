package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** All that a pickle of tensors can produce. Nothing here can run anything. */
sealed interface PickleValue {

  record Text(String value) implements PickleValue {}

  record Whole(BigInteger value) implements PickleValue {

    static Whole of(long value) {
      return new Whole(BigInteger.valueOf(value));
    }
  }

  record Truth(boolean value) implements PickleValue {}

  /** A name that {@link TorchObjects} knows, such as {@code torch.FloatStorage}. */
  record Name(String qualified) implements PickleValue {}

  /** Values that are of no interest: None, floats, byte strings, NumPy scalars. */
  record Other(String kind) implements PickleValue {}

  /** A list, tuple or set. May hold itself: never walk it without a limit. */
  final class Sequence implements PickleValue {
    final List<PickleValue> items = new ArrayList<>();

    static Sequence of(List<PickleValue> items) {
      Sequence sequence = new Sequence();
      sequence.items.addAll(items);
      return sequence;
    }
  }

  /** A dict. Entries whose keys are not text, as optimizers have, are left out. */
  final class Dictionary implements PickleValue {
    final SequencedMap<String, PickleValue> entries = new LinkedHashMap<>();

    /**
     * @param items keys and values in turn
     */
    void putAll(List<PickleValue> items) {
      if (items.size() % 2 != 0) {
        throw new CheckpointException(Reason.MALFORMED, "the pickle has a key without a value");
      }
      for (int i = 0; i < items.size(); i += 2) {
        if (items.get(i) instanceof Text(String key)
            && entries.put(key, items.get(i + 1)) != null) {
          throw new CheckpointException(
              Reason.MALFORMED, "the pickle has the key '%s' twice".formatted(key));
        }
      }
    }
  }

  /**
   * A storage that the file holds elsewhere, or a view of one.
   *
   * @param key name of its bytes in the file
   * @param elements of the whole storage
   * @param viewOffset elements before the view
   * @param viewElements elements of the view; all of them where it is none
   */
  record Storage(String key, TensorType type, long elements, long viewOffset, long viewElements)
      implements PickleValue {}

  /**
   * @param layout its offset counts from the start of the view
   */
  record Tensor(Storage storage, TensorLayout layout) implements PickleValue {}
}
