package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import dev.likeness.encoders.checkpoint.PickleValue.Dictionary;
import dev.likeness.encoders.checkpoint.PickleValue.Sequence;
import dev.likeness.encoders.checkpoint.PickleValue.Storage;
import dev.likeness.encoders.checkpoint.PickleValue.Text;
import dev.likeness.encoders.checkpoint.PickleValue.Truth;
import dev.likeness.encoders.checkpoint.PickleValue.Whole;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * The form torch wrote before 1.6, in which many published files still are.
 *
 * <pre>
 * pickle   the magic number
 * pickle   the protocol, 1001
 * pickle   a dictionary with little_endian
 * pickle   the object; storages are persistent ids
 * pickle   the list of storage keys
 * then, for each key: the number of elements, i64 little-endian, and the elements
 * </pre>
 */
final class TorchLegacyFile {

  private static final BigInteger MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);
  private static final BigInteger PROTOCOL = BigInteger.valueOf(1001);
  private static final ValueLayout.OfLong COUNT =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private TorchLegacyFile() {}

  static Checkpoint read(MemorySegment file, Arena arena) {
    PickleInput in = new PickleInput(file);
    if (!(PickleMachine.read(in) instanceof Whole(BigInteger magic)) || !magic.equals(MAGIC)) {
      throw new CheckpointException(
          Reason.UNKNOWN_FORMAT, "is a pickle, but not one that torch.save wrote");
    }
    if (!(PickleMachine.read(in) instanceof Whole(BigInteger version))
        || !version.equals(PROTOCOL)) {
      throw new CheckpointException(
          Reason.UNSUPPORTED, "is a torch file of another protocol than " + PROTOCOL);
    }
    if (PickleMachine.read(in) instanceof Dictionary system
        && system.entries.get("little_endian") instanceof Truth(boolean little)
        && !little) {
      throw new CheckpointException(
          Reason.UNSUPPORTED, "its numbers are not in little-endian byte order");
    }
    Map<String, TensorType> types = new HashMap<>();
    PickleValue root = PickleMachine.read(in, storage -> remember(types, storage));
    PickleValue keys = PickleMachine.read(in);
    Map<String, MemorySegment> storages = storages(file, in.position(), keys, types);
    StateDictionary state = StateDictionary.of(root);
    return new Checkpoint(
        Checkpoint.Format.TORCH_LEGACY,
        state.resolve(storage -> require(storages, storage.key())),
        state.ignored(),
        arena);
  }

  /** The file gives the length of a storage in elements; only the pickle knows their size. */
  private static void remember(Map<String, TensorType> types, Storage storage) {
    TensorType other = types.putIfAbsent(storage.key(), storage.type());
    if (other != null && other != storage.type()) {
      throw malformed(
          "storage '%s' is used as %s and as %s".formatted(storage.key(), other, storage.type()));
    }
  }

  private static Map<String, MemorySegment> storages(
      MemorySegment file, long start, PickleValue keys, Map<String, TensorType> types) {
    if (!(keys instanceof Sequence sequence)) {
      throw malformed("the list of storages is missing");
    }
    Map<String, MemorySegment> storages = new HashMap<>();
    long position = start;
    for (PickleValue item : sequence.items) {
      if (!(item instanceof Text(String key)) || !types.containsKey(key)) {
        throw malformed("the list of storages names one that no tensor uses");
      }
      long left = file.byteSize() - position - Long.BYTES;
      if (left < 0) {
        throw truncated(key);
      }
      long elements = file.get(COUNT, position);
      long size = types.get(key).byteSize();
      if (elements < 0) {
        throw malformed("storage '%s' has %d elements".formatted(key, elements));
      }
      if (elements > left / size) {
        throw truncated(key);
      }
      position += Long.BYTES;
      storages.put(key, file.asSlice(position, elements * size));
      position += elements * size;
    }
    return storages;
  }

  private static MemorySegment require(Map<String, MemorySegment> storages, String key) {
    MemorySegment bytes = storages.get(key);
    if (bytes == null) {
      throw new CheckpointException(
          Reason.TRUNCATED, "the bytes of storage '%s' are missing".formatted(key));
    }
    return bytes;
  }

  private static CheckpointException truncated(String key) {
    return new CheckpointException(
        Reason.TRUNCATED, "the file ends within the bytes of storage '%s'".formatted(key));
  }

  private static CheckpointException malformed(String message) {
    return new CheckpointException(Reason.MALFORMED, message);
  }
}
