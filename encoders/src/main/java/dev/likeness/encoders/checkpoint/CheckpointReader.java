package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Opens a file of weights. What it is, is told from its first bytes; its name means nothing.
 *
 * <p>The file is mapped, not loaded: opening costs its table of contents only. Every offset, length
 * and shape is checked against the file before a tensor is offered.
 */
public final class CheckpointReader {

  private static final int PREFIX_LENGTH = 64;

  private CheckpointReader() {}

  /**
   * @throws CheckpointException if the file cannot be read, is of another kind, damaged, or asks
   *     for more than tensors; the message has the file's name and the rule that is broken
   */
  public static Checkpoint open(Path file) {
    Arena arena = Arena.ofShared();
    try {
      return read(map(file, arena), arena);
    } catch (CheckpointException refused) {
      arena.close();
      throw new CheckpointException(
          refused.reason(), "%s: %s".formatted(file.getFileName(), refused.getMessage()), refused);
    } catch (RuntimeException | Error failed) {
      arena.close();
      throw failed;
    }
  }

  private static MemorySegment map(Path file, Arena arena) {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    } catch (NoSuchFileException missing) {
      throw new CheckpointException(Reason.FILE_NOT_READABLE, "there is no such file", missing);
    } catch (IOException unreadable) {
      throw new CheckpointException(
          Reason.FILE_NOT_READABLE, "cannot be read: " + unreadable.getMessage(), unreadable);
    }
  }

  /**
   * @param arena closed with the checkpoint
   */
  static Checkpoint read(MemorySegment file, Arena arena) {
    String prefix = prefix(file);
    if (isSafetensors(prefix)) {
      return SafetensorsFile.read(file, arena);
    }
    if (prefix.startsWith("PK")) {
      return TorchZipFile.read(file, arena);
    }
    if (prefix.startsWith("\u0080") || prefix.startsWith("c") || prefix.startsWith("(")) {
      return TorchLegacyFile.read(file, arena);
    }
    if (prefix.length() > Long.BYTES && prefix.charAt(Long.BYTES) == '{') {
      return SafetensorsFile.read(file, arena);
    }
    throw new CheckpointException(
        Reason.UNKNOWN_FORMAT,
        "is neither safetensors nor a torch checkpoint (zip or legacy form)" + guess(prefix));
  }

  /**
   * A header of less than 4 GB begins with '{' after its length. Asked first, since the length's
   * lowest byte may be that of any other format: one in 16 files begins as pickles do.
   */
  private static boolean isSafetensors(String prefix) {
    return prefix.length() > Long.BYTES && prefix.startsWith("\0\0\0\0{", Integer.BYTES);
  }

  /** What people have in their hands when a download went wrong. */
  private static String guess(String prefix) {
    String start = prefix.stripLeading().toLowerCase(Locale.ROOT);
    if (start.isEmpty()) {
      return "; it is empty";
    }
    if (start.startsWith("version https://git-lfs")) {
      return "; it is a Git LFS pointer, the weights themselves have to be downloaded";
    }
    if (start.startsWith("<")) {
      return "; it is a web page, probably an error or login page instead of the download";
    }
    return "";
  }

  private static String prefix(MemorySegment file) {
    byte[] bytes =
        file.asSlice(0, Math.min(PREFIX_LENGTH, file.byteSize())).toArray(ValueLayout.JAVA_BYTE);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
