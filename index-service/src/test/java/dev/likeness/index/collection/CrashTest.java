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
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 in the middle of writing, on a real process and a real file system. */
class CrashTest {

  private static final int KILLS = 10;
  private static final int BATCHES_PER_RUN = 1_000_000;

  /** What the writer said last about a batch. */
  private enum Last {
    PUT,
    DELETE
  }

  @Test
  void acknowledgedVectorsSurviveAndNothingIsInvented(@TempDir Path root)
      throws IOException, InterruptedException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Map<Integer, Last> acknowledged = new HashMap<>();
    for (int run = 0; run < KILLS; run++) {
      // Given
      int linesBeforeKill = 20 + random.nextInt(2000);

      // When
      int first = 1 + run * BATCHES_PER_RUN;
      writeUntilKilled(root, first, linesBeforeKill, acknowledged);

      // Then
      try (CollectionCatalog catalog = CatalogFixture.open(root)) {
        Collection collection = catalog.get(new CollectionName("c"));
        String where = "seed %d, kill %d".formatted(seed, run);
        assertThat(collection.failureReason()).as(where).isEmpty();
        assertThat(collection.check().problems()).as(where).isEmpty();
        verify(collection, acknowledged, where);
      }
    }
    assertThat(acknowledged).hasSizeGreaterThan(KILLS * 10);
  }

  private static void verify(Collection collection, Map<Integer, Last> acknowledged, String where) {
    long expected = 0;
    for (var entry : acknowledged.entrySet()) {
      int batch = entry.getKey();
      List<Optional<VectorChange.Put>> found = collection.get(CrashingWriter.ids(batch));
      long present = found.stream().filter(Optional::isPresent).count();
      if (entry.getValue() == Last.DELETE) {
        assertThat(present).as("%s: deleted batch %d", where, batch).isZero();
      } else if (batch % 3 == 0) {
        // its deletion may have been on the way
        assertThat(present).as("%s: batch %d", where, batch).isIn(0L, (long) CrashingWriter.BATCH);
      } else {
        assertThat(present).as("%s: batch %d", where, batch).isEqualTo(CrashingWriter.BATCH);
      }
      for (int i = 0; i < CrashingWriter.BATCH; i++) {
        if (found.get(i).isPresent()) {
          assertThat(found.get(i).get().values()).containsExactly(batch, i);
        }
      }
      expected += present;
    }
    // Besides these, each of the four threads of each run may have had one batch on the way.
    assertThat(collection.vectorCount() - expected)
        .as("%s: vectors that were never acknowledged", where)
        .isBetween(0L, 4L * CrashingWriter.BATCH * KILLS);
  }

  private static void writeUntilKilled(
      Path root, int first, int lines, Map<Integer, Last> acknowledged)
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
      said.forEach(line -> remember(line, acknowledged));
    }
    process.waitFor();
  }

  /** The kill may tear the last line; it counts only with its last word. */
  private static void remember(String line, Map<Integer, Last> acknowledged) {
    String[] words = line.split(" ", -1);
    if (words.length == 3 && words[2].equals("done")) {
      acknowledged.put(Integer.parseInt(words[1]), words[0].equals("put") ? Last.PUT : Last.DELETE);
    }
  }
}
