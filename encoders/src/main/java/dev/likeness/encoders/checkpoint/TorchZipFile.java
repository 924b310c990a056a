package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The form torch writes since 1.6: a zip archive without compression, all below one folder.
 *
 * <pre>
 * &lt;folder&gt;/data.pkl    the pickled object; storages are persistent ids
 * &lt;folder&gt;/data/&lt;key&gt;  the bytes of each storage
 * &lt;folder&gt;/byteorder   "little" or "big"; absent means little
 * </pre>
 */
final class TorchZipFile {

  private static final String PICKLE = "data.pkl";
  private static final int LONGEST_BYTE_ORDER = 16;

  private TorchZipFile() {}

  static Checkpoint read(MemorySegment file, Arena arena) {
    ZipDirectory zip = ZipDirectory.read(file);
    String folder = folder(zip);
    checkKind(zip, folder);
    checkByteOrder(zip, folder);
    PickleInput pickle = new PickleInput(zip.require(folder + PICKLE));
    StateDictionary state = StateDictionary.of(PickleMachine.read(pickle));
    return new Checkpoint(
        Checkpoint.Format.TORCH_ZIP,
        state.resolve(storage -> zip.require(folder + "data/" + storage.key())),
        state.ignored(),
        arena);
  }

  private static String folder(ZipDirectory zip) {
    List<String> pickles =
        zip.names().stream()
            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
            .toList();
    if (pickles.size() != 1) {
      throw new CheckpointException(
          Reason.UNKNOWN_FORMAT,
          "is a zip archive with %d entries called %s; a torch checkpoint has one"
              .formatted(pickles.size(), PICKLE));
    }
    String name = pickles.getFirst();
    return name.substring(0, name.length() - PICKLE.length());
  }

  /** torch.jit.save writes the same archive around a program. */
  private static void checkKind(ZipDirectory zip, String folder) {
    if (zip.contains(folder + "constants.pkl")) {
      throw new CheckpointException(
          Reason.UNSUPPORTED,
          "is a TorchScript program, not a file of weights; download the state dictionary or"
              + " safetensors of this network");
    }
  }

  private static void checkByteOrder(ZipDirectory zip, String folder) {
    String entry = folder + "byteorder";
    if (zip.contains(entry) && !text(zip.require(entry)).equals("little")) {
      throw new CheckpointException(
          Reason.UNSUPPORTED, "its numbers are not in little-endian byte order");
    }
  }

  private static String text(MemorySegment bytes) {
    long length = Math.min(bytes.byteSize(), LONGEST_BYTE_ORDER);
    return new String(
        bytes.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.US_ASCII);
  }
}
