package dev.likeness.index.collection;

import dev.likeness.index.storage.FileOperations;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The directory of an index. New sub-directories are made under a name that begins with '.' and
 * renamed when they are complete; removed ones are renamed first. What a crash leaves under such a
 * name is deleted at the next start.
 */
final class CatalogDirectory implements AutoCloseable {

  /** Puts files into a new directory. */
  interface Filling {
    void fill(CollectionFiles files) throws IOException;
  }

  private final Path collections;
  private final Path snapshots;
  private final FileOperations files;
  private final FileChannel lock;

  private CatalogDirectory(Path root, FileOperations files, FileChannel lock) {
    this.collections = root.resolve("collections");
    this.snapshots = root.resolve("snapshots");
    this.files = files;
    this.lock = lock;
  }

  /**
   * Takes the directory for this process and clears the leftovers of a crash.
   *
   * @throws IOException if another process has it
   */
  static CatalogDirectory lock(Path root, FileOperations files) throws IOException {
    files.createDirectory(root.resolve("collections"));
    files.createDirectory(root.resolve("snapshots"));
    files.forceDirectory(root);
    FileChannel channel =
        FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw taken(root);
      }
      var directory = new CatalogDirectory(root, files, channel);
      directory.clear(directory.collections);
      directory.clear(directory.snapshots);
      return directory;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw taken(root);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static IOException taken(Path root) {
    return new IOException(
        "another process uses the index directory %s; stop it or set likeness.index.directory"
            .formatted(root));
  }

  CollectionFiles filesOf(CollectionName name) {
    return new CollectionFiles(collection(name), files);
  }

  Path snapshot(CollectionName name) {
    return snapshots.resolve(name.value());
  }

  List<CollectionName> collections() throws IOException {
    List<CollectionName> names = new ArrayList<>();
    try (var directories = Files.newDirectoryStream(collections)) {
      for (Path directory : directories) {
        names.add(new CollectionName(directory.getFileName().toString()));
      }
    }
    return names.stream().sorted().toList();
  }

  /** Makes the directory of a collection: afterwards it is there complete, or not at all. */
  void add(CollectionName name, Filling filling) throws IOException {
    make(collections, name, filling);
  }

  void addSnapshot(CollectionName name, Filling filling) throws IOException {
    make(snapshots, name, filling);
  }

  void remove(CollectionName name) throws IOException {
    Path leaving = hidden(collection(name));
    deleteIfPresent(leaving);
    files.move(collection(name), leaving);
    files.forceDirectory(collections);
    files.deleteDirectory(leaving);
  }

  private void make(Path parent, CollectionName name, Filling filling) throws IOException {
    Path directory = parent.resolve(name.value());
    Path coming = hidden(directory);
    deleteIfPresent(coming);
    try {
      files.createDirectory(coming);
      filling.fill(new CollectionFiles(coming, files));
      files.forceDirectory(coming);
      files.move(coming, directory);
    } catch (IOException | RuntimeException e) {
      deleteIfPresent(coming);
      throw e;
    }
    files.forceDirectory(parent);
  }

  private void clear(Path parent) throws IOException {
    try (var leftovers = Files.newDirectoryStream(parent, ".*")) {
      for (Path leftover : leftovers) {
        files.deleteDirectory(leftover);
      }
    }
  }

  private void deleteIfPresent(Path directory) throws IOException {
    if (Files.exists(directory)) {
      files.deleteDirectory(directory);
    }
  }

  private Path collection(CollectionName name) {
    return collections.resolve(name.value());
  }

  /** Names of collections never begin with '.'. */
  private static Path hidden(Path directory) {
    return directory.resolveSibling("." + directory.getFileName());
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
