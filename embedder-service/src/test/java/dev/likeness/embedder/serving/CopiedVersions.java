package dev.likeness.embedder.serving;

import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.store.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A model store with {@code likeness-mini}, whose further versions are copies of the first. */
public final class CopiedVersions {

  private CopiedVersions() {}

  /** A store with version 1. */
  public static ModelStore storeIn(Path root) {
    ModelStore store = ModelStore.open(root);
    LikenessMini.publishTo(store, 1);
    return store;
  }

  /** Makes another version appear, as another process would. */
  public static void add(ModelStore store, int version) {
    Path encoder = store.root().resolve("likeness-mini");
    Path staged = encoder.resolve(".staged-" + version);
    try (Stream<Path> files = Files.list(encoder.resolve("1"))) {
      Files.createDirectory(staged);
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, staged.resolve(file.getFileName()));
      }
      Files.move(staged, encoder.resolve(String.valueOf(version)));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Removes all versions but the first. */
  public static void removeCopies(ModelStore store) {
    Path encoder = store.root().resolve("likeness-mini");
    try (Stream<Path> versions = Files.list(encoder)) {
      for (Path version : (Iterable<Path>) versions::iterator) {
        String name = version.getFileName().toString();
        if (!List.of("1", ".lock").contains(name)) {
          delete(version);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.isRegularFile(directory)) {
      Files.delete(directory);
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
