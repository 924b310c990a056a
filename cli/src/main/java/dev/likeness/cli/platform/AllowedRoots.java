package dev.likeness.cli.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The file that lists the directories which the services of this machine may read and write, one
 * per line. Naming a directory in a command is the consent of the person who owns platform and
 * files.
 */
public final class AllowedRoots {
  private final Path file;

  /**
   * @param home directory that holds the state of the platform
   */
  public AllowedRoots(Path home) {
    this.file = home.resolve("roots");
  }

  /**
   * Allows a directory, unless it lies below one that is allowed already.
   *
   * @param directory real path of a directory
   * @return true if it was not allowed before
   * @throws IOException if the file cannot be written
   */
  public boolean allow(Path directory) throws IOException {
    if (directory.toString().indexOf('\n') >= 0 || directory.toString().startsWith("#")) {
      throw new IOException("its name has a line break or begins with #; rename the directory");
    }
    List<String> lines = Files.isRegularFile(file) ? Files.readAllLines(file) : List.of();
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#") && directory.startsWith(Path.of(line.strip()))) {
        return false;
      }
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    // One write of one line at the end: two commands at once lose nothing.
    Files.write(
        file,
        (directory + "\n").getBytes(StandardCharsets.UTF_8),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    return true;
  }
}
