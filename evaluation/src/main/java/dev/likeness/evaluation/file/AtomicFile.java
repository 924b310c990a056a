package dev.likeness.evaluation.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files that are whole or absent: a temporary file beside the target, synced, renamed. */
public final class AtomicFile {
  private AtomicFile() {}

  /**
   * Replaces or creates a file; missing folders are made.
   *
   * @throws IOException if it cannot be written; the old file is then untouched
   */
  public static void write(Path target, byte[] content) throws IOException {
    Path temporary = temporaryBeside(target, content);
    try {
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Creates a file that must not exist yet; of several writers exactly one succeeds.
   *
   * @throws FileAlreadyExistsException if the name is taken; the taken file is untouched
   * @throws IOException if it cannot be written
   */
  public static void writeNew(Path target, byte[] content) throws IOException {
    Path temporary = temporaryBeside(target, content);
    try {
      // A hard link fails when the name is taken; a rename would replace the file silently.
      Files.createLink(target, temporary);
    } catch (UnsupportedOperationException e) {
      Files.move(temporary, target);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static Path temporaryBeside(Path target, byte[] content) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException("'" + target + "' is no file name");
    }
    Files.createDirectories(folder);
    // Not Files.createTempFile: its files are readable by their owner only, and so would be ours.
    Path temporary = folder.resolve("." + UUID.randomUUID() + ".partial");
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    return temporary;
  }
}
