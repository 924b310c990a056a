package dev.likeness.index.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What concurrent callers saw, with and without kills between, is what one caller after the other
 * could have seen; a batch is seen whole or not at all.
 */
class ConsistencyTest {

  private static final int PROCESSES = 8;
  private static final int CALLS_PER_PROCESS = 100_000;

  @Test
  void concurrentCallsAreLinearizable(@TempDir Path root) throws IOException, InterruptedException {
    for (long seed = 1; seed <= 3; seed++) {
      // Given
      ByteArrayOutputStream said = new ByteArrayOutputStream();

      // When
      try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
        HistoryWriter.run(root.resolve("seed-" + seed), 1, 120, 100 * seed, out);
      }

      // Then
      History history = new History();
      history.add(said.toString(StandardCharsets.UTF_8).lines().toList());
      verify(history, "seed " + seed);
      assertThat(history.answeredCount()).isEqualTo(480);
    }
  }

  @Test
  void callsAreLinearizableThroughKills(@TempDir Path root)
      throws IOException, InterruptedException {
    // Given
    long seed = System.nanoTime();
    Random random = new Random(seed);
    History history = new History();

    // When
    for (int process = 0; process < PROCESSES; process++) {
      int first = 1 + process * CALLS_PER_PROCESS;
      history.add(linesUntilKilled(root, first, 60 + random.nextInt(300), random.nextLong()));
    }

    // Then
    verify(history, "seed " + seed);
    assertThat(history.answeredCount()).isGreaterThan(PROCESSES * 20);
  }

  private static void verify(History history, String where) {
    history
        .registers()
        .forEach(
            (register, operations) -> {
              assertThat(operations)
                  .as("%s: a batch seen in part, register %d", where, register)
                  .noneMatch(o -> o.value().equals(Optional.of(HistoryWriter.TORN)));
              assertThat(Linearizability.holds(operations))
                  .as("%s: register %d: %s", where, register, operations)
                  .isTrue();
            });
  }

  private static List<String> linesUntilKilled(Path root, int firstCall, int lines, long seed)
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
                HistoryWriter.class.getName(),
                root.toString(),
                Integer.toString(firstCall),
                Integer.toString(CALLS_PER_PROCESS / 8),
                Long.toString(seed))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> said = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said.add(line);
        if (said.size() == lines) {
          process.toHandle().destroyForcibly();
        }
      }
    }
    process.waitFor();
    return said;
  }
}
