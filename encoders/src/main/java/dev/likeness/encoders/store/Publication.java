package dev.likeness.encoders.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The right to add a version to one encoder's folder, or to remove one.
 *
 * <p>Held by one thread of one process at a time: a lock in this process, and a file lock against
 * others, which the system releases if the holder dies. Whatever lies in the folder under a
 * temporary name while the right is held is therefore a leftover.
 */
final class Publication implements AutoCloseable {

  private static final String LOCK_FILE = ".lock";
  private static final String TEMPORARY_PREFIX = ".publishing-";
  private static final String REMOVED_PREFIX = ".removed-";

  /** Names the highest version at the last removal, so that no number is given twice. */
  private static final String HIGHEST_FILE = ".highest-version";

  private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

  private final Path folder;
  private final ReentrantLock lock;
  private final FileChannel channel;

  private Publication(Path folder, ReentrantLock lock, FileChannel channel) {
    this.folder = folder;
    this.lock = lock;
    this.channel = channel;
  }

  /** Waits for the right. */
  static Publication begin(Path folder) throws IOException {
    Files.createDirectories(folder);
    ReentrantLock lock = lockOf(folder);
    lock.lock();
    FileChannel channel = null;
    try {
      channel = openLockFile(folder);
      channel.lock();
      Publication publication = new Publication(folder, lock, channel);
      publication.clean();
      return publication;
    } catch (IOException | RuntimeException failed) {
      release(lock, channel);
      throw failed;
    }
  }

  /** Cleans up if nobody is publishing at this moment; otherwise the next publication will. */
  static void removeLeftovers(Path folder) {
    ReentrantLock lock = lockOf(folder);
    if (!lock.tryLock()) {
      return;
    }
    try (FileChannel channel = openLockFile(folder);
        FileLock held = channel.tryLock()) {
      if (held != null) {
        new Publication(folder, lock, channel).clean();
      }
    } catch (IOException unwritable) {
      // A store that can only be read has nothing that this process could clean.
      return;
    } finally {
      lock.unlock();
    }
  }

  /** Writes everything under a temporary name, flushes it, and gives it its name in one step. */
  void write(PackageDraft draft, Path target) throws IOException {
    Path temporary = Files.createDirectory(folder.resolve(TEMPORARY_PREFIX + UUID.randomUUID()));
    try {
      DurableFiles.write(temporary.resolve(ModelPackage.ONNX_FILE), draft.onnx());
      for (Map.Entry<String, Path> file : draft.dataFiles().entrySet()) {
        Path copy = temporary.resolve(file.getKey());
        Path parent = Objects.requireNonNull(copy.getParent());
        Files.createDirectories(parent);
        DurableFiles.copy(file.getValue(), copy);
        checkCopy(copy, expectedHash(draft, file.getKey()));
        DurableFiles.flush(parent);
      }
      DurableFiles.write(temporary.resolve(ModelPackage.CARD_FILE), CardFile.toBytes(draft.card()));
      DurableFiles.flush(temporary);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.flush(folder);
      DurableFiles.flush(Objects.requireNonNull(folder.getParent()));
    } finally {
      DurableFiles.delete(temporary);
    }
  }

  /**
   * Takes a version out in one step, then deletes it. What is left of it after a crash is removed
   * when the store is opened.
   *
   * @param highest version of the encoder; it is remembered first
   * @return whether it was there
   */
  boolean remove(int version, int highest) throws IOException {
    Path present = folder.resolve(String.valueOf(version));
    if (!Files.isDirectory(present)) {
      return false;
    }
    remember(highest);
    Path removed = folder.resolve(REMOVED_PREFIX + UUID.randomUUID());
    Files.move(present, removed, StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.flush(folder);
    DurableFiles.delete(removed);
    return true;
  }

  private void remember(int highest) throws IOException {
    replace(HIGHEST_FILE, String.valueOf(highest).getBytes(StandardCharsets.US_ASCII));
  }

  /** Replaces the promotions, in one step. */
  void write(List<Promotion> promotions) throws IOException {
    replace(PromotionFile.NAME, PromotionFile.toBytes(promotions));
  }

  private void replace(String file, byte[] content) throws IOException {
    Path written = folder.resolve(TEMPORARY_PREFIX + UUID.randomUUID());
    DurableFiles.write(written, content);
    Files.move(
        written,
        folder.resolve(file),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    DurableFiles.flush(folder);
  }

  /** The highest version when one was removed last; 0 if none ever was. */
  static int highestRemoved(Path folder) throws IOException {
    Path file = folder.resolve(HIGHEST_FILE);
    if (!Files.exists(file)) {
      return 0;
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException damaged) {
      throw new IOException(
          "%s must hold the highest version ever published, not '%s'".formatted(file, text),
          damaged);
    }
  }

  @Override
  public void close() throws IOException {
    release(lock, channel);
  }

  private static @Nullable String expectedHash(PackageDraft draft, String location) {
    return draft.card().weights().dataHashes().get(location);
  }

  private static void checkCopy(Path copy, @Nullable String expected) throws IOException {
    if (!Sha256.of(copy).equals(expected)) {
      throw new IOException("the data file changed while it was copied: " + copy.getFileName());
    }
  }

  private static void release(ReentrantLock lock, @Nullable FileChannel channel)
      throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      lock.unlock();
    }
  }

  private static ReentrantLock lockOf(Path folder) {
    return LOCKS.computeIfAbsent(folder, unused -> new ReentrantLock());
  }

  private static FileChannel openLockFile(Path folder) throws IOException {
    return FileChannel.open(
        folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private void clean() throws IOException {
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(folder, "{%s,%s}*".formatted(TEMPORARY_PREFIX, REMOVED_PREFIX))) {
      for (Path leftover : leftovers) {
        DurableFiles.delete(leftover);
      }
    }
  }
}
