package dev.likeness.training;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Reference data, which is not part of the repository; tests without it are skipped. */
public final class AcceptanceData {

  private AcceptanceData() {}

  /** A file or folder of the acceptance data, or the test is skipped. */
  public static Path require(String path) {
    Path found = root().resolve(path);
    Assumptions.assumeTrue(Files.exists(found), () -> "no acceptance data at " + found);
    return found;
  }

  private static Path root() {
    String named = System.getenv("LIKENESS_ACCEPTANCE_DIR");
    return named != null
        ? Path.of(named)
        : Path.of(System.getProperty("likeness.root", "..")).resolve("../shared");
  }
}
