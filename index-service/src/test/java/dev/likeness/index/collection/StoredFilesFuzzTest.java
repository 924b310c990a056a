package dev.likeness.index.collection;

import static dev.likeness.index.collection.CatalogFixture.SETTINGS;
import static dev.likeness.index.collection.CatalogFixture.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.error.CollectionNotFoundException;
import dev.likeness.index.error.IndexException;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue.TextValue;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages one place of one file and reads everything: segments, their deleted rows, logs, what
 * names them, settings, aliases and snapshots. Damage is reported, or did not matter; nothing else
 * may happen. {@value #EXECUTIONS} executions, or as many as {@code -Dlikeness.test.fuzz=} says.
 */
class StoredFilesFuzzTest {

  private static final int EXECUTIONS = 2000;

  /** Shorter than from the marks of a log to its records: one event does not spoil both. */
  private static final int MAX_DAMAGE = 2048;

  private static final int VECTORS = 110;

  /** Nothing is lost that only a power failure could lose. */
  private static final class Unforced extends FileOperations {
    @Override
    public void force(RandomAccessFile file) {}

    @Override
    public void forceDirectory(Path directory) {}
  }

  @Test
  void reportsDamageOrIsNotHarmedByIt(@TempDir Path root) throws IOException {
    // Given
    Map<String, String> expected = fill(root);
    Map<Path, byte[]> intact = read(root);
    assertThat(intact.keySet())
        .extracting(path -> path.getFileName().toString().replaceAll("[-.].*", ""))
        .contains("segment", "deleted", "vectors", "store", "manifest", "aliases", "contents");
    List<Path> files = intact.keySet().stream().sorted().toList();
    int executions = Integer.getInteger("likeness.test.fuzz", EXECUTIONS);
    long seed = System.nanoTime();
    int reported = 0;

    for (int execution = 0; execution < executions; execution++) {
      // When
      Random random = new Random(seed + execution);
      Path file = files.get(random.nextInt(files.size()));
      byte[] damaged = damaged(intact.get(file), random);
      write(root, intact);
      Files.write(file, damaged);

      // Then
      String where = "seed %d: %s".formatted(seed + execution, root.relativize(file));
      if (isReported(root, expected, where)) {
        reported++;
      }
    }
    System.out.printf("%d executions, %d reported as damage%n", executions, reported);
    assertThat(reported).isGreaterThan(executions / 3);
  }

  /** A collection with segments, deletions in them, and a log; an alias and a snapshot. */
  private static Map<String, String> fill(Path root) throws IOException {
    Map<String, String> expected = new TreeMap<>();
    try (CollectionCatalog catalog = open(root)) {
      catalog.create(name("c"), SETTINGS, "");
      Collection collection = catalog.get(name("c"));
      put(collection, expected, 0, 0, 60);
      collection.delete(List.of(new VectorId("v3"), new VectorId("v59")));
      expected.keySet().removeAll(List.of("v3", "v59"));
      for (int round = 1; round < 12; round++) {
        put(collection, expected, round, 60 + round * 3, 8);
      }
      collection.delete(List.of(new VectorId("v61"), new VectorId("v70")));
      expected.keySet().removeAll(List.of("v61", "v70"));
      catalog.setAliases(List.of(new AliasChange.Point(name("live"), name("c"))));
      catalog.createSnapshot(name("c"), name("s"));
    }
    return expected;
  }

  private static void put(
      Collection collection, Map<String, String> expected, int round, int first, int count) {
    UpsertBatch batch = collection.newBatch();
    for (int i = first; i < first + count; i++) {
      String id = "v" + i;
      float[] values = {round, i};
      Payload payload = Payload.of(Map.of("round", new TextValue("r" + round)));
      batch.add(() -> new VectorInput(new VectorId(id), payload, values));
      expected.put(id, Arrays.toString(values) + payload);
    }
    batch.commit();
  }

  private static CollectionCatalog open(Path root) throws IOException {
    return CollectionCatalog.open(root, CatalogFixture.resources(new Unforced(), 1 << 20, 5200));
  }

  /** True if something was refused; otherwise everything must be as it was. */
  private static boolean isReported(Path root, Map<String, String> expected, String where) {
    try (CollectionCatalog catalog = open(root)) {
      Collection collection = catalog.get(name("live"));
      if (collection.failureReason().isPresent()) {
        return true;
      }
      assertThat(contents(collection)).as(where).isEqualTo(expected);
      assertThat(collection.check().problems()).as(where).isEmpty();
      catalog.restoreSnapshot(name("s"), name("back"));
      Collection restored = catalog.get(name("back"));
      if (restored.failureReason().isPresent()) {
        return true;
      }
      assertThat(contents(restored)).as(where).isEqualTo(expected);
      return false;
    } catch (CollectionNotFoundException e) {
      throw new AssertionError(where + ": the alias or its collection is gone", e);
    } catch (IOException | IndexException e) {
      return true;
    } catch (RuntimeException e) {
      throw new AssertionError(where, e);
    }
  }

  private static Map<String, String> contents(Collection collection) {
    Map<String, String> found = new TreeMap<>();
    for (int i = 0; i < VECTORS; i++) {
      collection
          .get(List.of(new VectorId("v" + i)))
          .forEach(
              vector ->
                  vector.ifPresent(
                      put ->
                          found.put(
                              put.id().value(), Arrays.toString(put.values()) + put.payload())));
    }
    assertThat(collection.vectorCount()).isEqualTo(found.size());
    return found;
  }

  private static byte[] damaged(byte[] intact, Random random) {
    byte[] bytes = intact.clone();
    while (Arrays.equals(bytes, intact)) {
      int at = random.nextInt(bytes.length);
      int length = Math.min(bytes.length - at, 1 + random.nextInt(MAX_DAMAGE));
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> Arrays.fill(bytes, at, at + length, (byte) 0);
        case 3 -> Arrays.fill(bytes, at, at + Math.min(length, 8), (byte) 0xFF);
        case 4 -> bytes = Arrays.copyOf(bytes, at);
        case 5 ->
            System.arraycopy(intact, random.nextInt(bytes.length - length + 1), bytes, at, length);
        default -> {
          for (int i = 0; i < Math.min(length, 16); i++) {
            bytes[at + i] = (byte) random.nextInt(256);
          }
        }
      }
    }
    return bytes;
  }

  private static Map<Path, byte[]> read(Path root) throws IOException {
    Map<Path, byte[]> files = new HashMap<>();
    try (var paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        if (!path.endsWith("lock")) {
          files.put(path, Files.readAllBytes(path));
        }
      }
    }
    return files;
  }

  /** Puts everything back as it was. */
  private static void write(Path root, Map<Path, byte[]> files) throws IOException {
    try (var paths = Files.walk(root)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        if (!files.containsKey(path) && !path.endsWith("lock")) {
          Files.delete(path);
        }
      }
    }
    try (var directories = Files.newDirectoryStream(root.resolve("collections"))) {
      for (Path directory : directories) {
        if (!directory.endsWith("c")) {
          Files.delete(directory);
        }
      }
    }
    for (var file : files.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
  }
}
