package dev.likeness.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real images and weights, which are not part of the repository; see CONTRIBUTING.md. */
final class Acceptance {

  private static final Path FOLDER = folder();

  private Acceptance() {}

  /** A file or directory of the acceptance material; the test is skipped where it is absent. */
  static Path require(String name) {
    Path path = FOLDER.resolve(name);
    assumeTrue(
        Files.exists(path),
        () -> "skipped: " + name + " is not in the acceptance folder (LIKENESS_ACCEPTANCE_DIR)");
    return path;
  }

  private static Path folder() {
    String named = System.getenv("LIKENESS_ACCEPTANCE_DIR");
    Path root = Path.of(System.getProperty("likeness.root", ".."));
    return (named == null ? root.resolve("../shared") : Path.of(named))
        .toAbsolutePath()
        .normalize();
  }
}
