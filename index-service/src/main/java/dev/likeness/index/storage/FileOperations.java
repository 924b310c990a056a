package dev.likeness.index.storage;

import dev.likeness.index.system.NativeFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The steps by which this package changes the disk, one method each, so that a test can let any of
 * them fail. {@link RandomAccessFile} rather than {@link FileChannel}: a channel closes itself when
 * its thread is interrupted.
 */
public class FileOperations {

  public RandomAccessFile open(Path file) throws IOException {
    return new EagerFile(file);
  }

  /** Writes the first {@code length} bytes. */
  public final void write(RandomAccessFile file, long position, byte[] bytes, int length)
      throws IOException {
    write(file, position, bytes, 0, length);
  }

  public void write(RandomAccessFile file, long position, byte[] bytes, int from, int length)
      throws IOException {
    file.seek(position);
    file.write(bytes, from, length);
  }

  /** Writes all bytes of a segment off the heap. */
  public void write(RandomAccessFile file, long position, MemorySegment bytes) throws IOException {
    NativeFile system = system(file);
    if (system == null) {
      write(
          file, position, bytes.toArray(ValueLayout.JAVA_BYTE), Math.toIntExact(bytes.byteSize()));
    } else {
      system.write(position, bytes);
    }
  }

  /**
   * Lets written bytes go to the device while the caller does something else. They are not durable
   * before {@link #force} returns; this cannot fail.
   */
  public final void startWriting(RandomAccessFile file, long position, long length) {
    NativeFile system = system(file);
    if (system != null) {
      system.startWriting(position, length);
    }
  }

  /** Returns when everything written is on the device. */
  public void force(RandomAccessFile file) throws IOException {
    file.getFD().sync();
  }

  /**
   * Returns when everything written can be read after a failure of power; the times of the file may
   * not be right then. Where a file was only written over, that is all there is to do.
   */
  public void forceData(RandomAccessFile file) throws IOException {
    NativeFile system = system(file);
    if (system == null) {
      file.getFD().sync();
    } else {
      system.forceData();
    }
  }

  private static @Nullable NativeFile system(RandomAccessFile file) {
    return file instanceof EagerFile eager ? eager.system() : null;
  }

  public void truncate(RandomAccessFile file, long length) throws IOException {
    file.setLength(length);
  }

  /** Replaces {@code to} in one step; durable after {@link #forceDirectory}. */
  public void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  public void createDirectory(Path directory) throws IOException {
    Files.createDirectories(directory);
  }

  public void delete(Path file) throws IOException {
    Files.delete(file);
  }

  /** Makes created, renamed and removed names durable. */
  public void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Removes a directory and the files in it; there are no directories in it. */
  public void deleteDirectory(Path directory) throws IOException {
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
