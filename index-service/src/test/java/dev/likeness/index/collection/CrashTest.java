package dev.likeness.index.collection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.vector.VectorChange;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 in the middle of writing, sealing and merging, on a real process and a real file system:
 * {@value #KILLS} times, or {@value #SOAK_KILLS} times with {@code -Dlikeness.test.soak=true}.
 */
class CrashTest {

  private static final int KILLS = 50;
  private static final int SOAK_KILLS = 1000;

  /** After so many kills a new directory is begun, or reading it back would take ever longer. */
  private static final int KILLS_PER_DIRECTORY = 25;

  private static final int BATCHES_PER_RUN = 1_000_000;

  /** What the writer said last about a batch. */
  private enum Last {
    PUT,
    AGAIN,
    DELETE
  }

  private final Map<Integer, Last> acknowledged = new HashMap<>();
  private OptionalInt generation = OptionalInt.empty();

  @Test
  void acknowledgedVectorsSurviveAndNothingIsInvented(@TempDir Path root)
      throws IOException, InterruptedException {
    int kills = Boolean.getBoolean("likeness.test.soak") ? SOAK_KILLS : KILLS;
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long vectors = 0;
    for (int kill = 0; kill < kills; kill++) {
      // Given
      if (kill % KILLS_PER_DIRECTORY == 0) {
        vectors += acknowledged.size();
        acknowledged.clear();
        generation = OptionalInt.empty();
      }
      Path directory = root.resolve("index-" + kill / KILLS_PER_DIRECTORY);
      int linesBeforeKill = 20 + random.nextInt(1000);

      // When
      writeUntilKilled(directory, 1 + kill * BATCHES_PER_RUN, linesBeforeKill);

      // Then
      String where = "seed %d, kill %d".formatted(seed, kill);
      try (CollectionCatalog catalog = CatalogFixture.open(directory)) {
        Collection collection = catalog.get(new CollectionName("c"));
        assertThat(collection.failureReason()).as(where).isEmpty();
        assertThat(collection.check().problems()).as(where).isEmpty();
        verify(collection, 1 + kill % KILLS_PER_DIRECTORY, where);
        verifyAlias(catalog, where);
      }
    }
    System.out.printf("%d kills, %d batches acknowledged%n", kills, vectors + acknowledged.size());
    assertThat(vectors + acknowledged.size()).isGreaterThan(kills * 10L);
  }

  private void verify(Collection collection, int killsSoFar, String where) {
    long expected = 0;
    for (var entry : acknowledged.entrySet()) {
      int batch = entry.getKey();
      List<Optional<VectorChange.Put>> found = collection.get(CrashingWriter.ids(batch));
      long present = found.stream().filter(Optional::isPresent).count();
      String what = "%s: batch %d, %s".formatted(where, batch, entry.getValue());
      boolean mayBeDeleted = batch % 3 == 0 && (batch % 5 != 0 || entry.getValue() == Last.AGAIN);
      if (entry.getValue() == Last.DELETE) {
        assertThat(present).as(what).isZero();
      } else if (mayBeDeleted) {
        assertThat(present).as(what).isIn(0L, (long) CrashingWriter.BATCH); // on the way
      } else {
        assertThat(present).as(what).isEqualTo(CrashingWriter.BATCH);
      }
      if (present > 0) {
        verifyValues(batch, entry.getValue(), found, what);
      }
      expected += present;
    }
    // Besides these, each of the three threads may have had one batch on the way at each kill.
    assertThat(collection.vectorCount() - expected)
        .as("%s: vectors that were never acknowledged", where)
        .isBetween(0L, 3L * CrashingWriter.BATCH * killsSoFar);
  }

  /** A batch is there whole, in one of the versions that it may have. */
  private static void verifyValues(
      int batch, Last last, List<Optional<VectorChange.Put>> found, String what) {
    float offset = found.getFirst().orElseThrow().values()[1];
    if (last == Last.AGAIN) {
      assertThat(offset).as(what).isEqualTo(CrashingWriter.AGAIN);
    } else if (batch % 5 == 0) {
      assertThat(offset).as(what).isIn(0f, CrashingWriter.AGAIN);
    } else {
      assertThat(offset).as(what).isZero();
    }
    for (int i = 0; i < CrashingWriter.BATCH; i++) {
      assertThat(found.get(i).orElseThrow().values()).as(what).containsExactly(batch, i + offset);
    }
  }

  /** The alias points to the generation that was acknowledged last, or to the next; it is whole. */
  private void verifyAlias(CollectionCatalog catalog, String where) {
    if (generation.isPresent()) {
      Collection live = catalog.get(new CollectionName("live"));
      assertThat(live.failureReason()).as(where).isEmpty();
      assertThat(live.vectorCount()).as(where).isEqualTo(CrashingWriter.GENERATION);
      int acknowledgedLast = generation.getAsInt();
      int pointedTo = Integer.parseInt(live.name().value().substring("generation-".length()));
      boolean ofNextRun = pointedTo % BATCHES_PER_RUN == 1 && pointedTo > acknowledgedLast;
      assertThat(pointedTo == acknowledgedLast || pointedTo == acknowledgedLast + 1 || ofNextRun)
          .as("%s: alias on %d, acknowledged %d", where, pointedTo, acknowledgedLast)
          .isTrue();
    }
  }

  private void writeUntilKilled(Path root, int first, int lines)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "--add-modules",
                "jdk.incubator.vector",
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CrashingWriter.class.getName(),
                root.toString(),
                Integer.toString(first))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("ready");
      List<String> said = new ArrayList<>();
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said.add(line);
        if (said.size() == lines) {
          process.toHandle().destroyForcibly(); // SIGKILL; what it said before is still read
        }
      }
      said.forEach(this::remember);
    }
    process.waitFor();
  }

  /** The kill may tear the last line; it counts only with its last word. */
  private void remember(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 3 || !words[2].equals("done")) {
      return;
    }
    int number = Integer.parseInt(words[1]);
    switch (words[0]) {
      case "put" -> acknowledged.put(number, Last.PUT);
      case "again" -> acknowledged.put(number, Last.AGAIN);
      case "delete" -> acknowledged.put(number, Last.DELETE);
      case "alias" -> generation = OptionalInt.of(number);
      default -> throw new IllegalStateException(line);
    }
  }
}
