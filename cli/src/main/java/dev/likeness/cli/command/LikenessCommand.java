package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.output.ExitCode;
import dev.likeness.cli.output.Output;
import dev.likeness.cli.platform.AllowedRoots;
import dev.likeness.cli.platform.Platform;
import dev.likeness.cli.platform.PlatformNeededException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What all commands share: the two output options, the platform, and paths. */
abstract class LikenessCommand implements Callable<Integer> {
  @Option(
      names = "--json",
      description = "Print one JSON object as the last line of standard output.")
  private boolean json;

  @SuppressWarnings("unused") // read by picocli
  @Option(names = "--debug", description = "Show the stack trace of a failure.")
  private boolean debug;

  @SuppressWarnings("unused") // read by picocli
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Explain this command.")
  private boolean help;

  private final Session session;

  LikenessCommand(Session session) {
    this.session = session;
  }

  /**
   * Does the work.
   *
   * @return the result for programs
   * @throws IOException if a file cannot be read or written
   */
  abstract ObjectNode run(Output output) throws IOException;

  @Override
  public final Integer call() throws IOException {
    Output output = new Output(session.out(), session.err(), json, session.terminal());
    output.finish(run(output));
    return ExitCode.OK;
  }

  final Session session() {
    return session;
  }

  /**
   * Connects to the platform. Everything that can be checked without it has been checked before.
   */
  final Platform connect() {
    if (session.platformDown()) {
      throw new PlatformNeededException();
    }
    return new Platform(session.addresses());
  }

  /** The real path of a directory that must exist. */
  final Path existingDirectory(String option, String given) throws IOException {
    Path directory = path(option, given);
    if (!Files.isDirectory(directory)) {
      throw CommandFailure.failed(
          "DIRECTORY_NOT_FOUND", "%s: there is no directory '%s'".formatted(option, given));
    }
    return directory.toRealPath();
  }

  /** The real path of a file that must exist and be readable. */
  final Path existingFile(String option, String given) throws IOException {
    Path file = path(option, given);
    if (!Files.isRegularFile(file)) {
      throw CommandFailure.failed(
          "FILE_NOT_FOUND", "%s: there is no file '%s'".formatted(option, given));
    }
    if (!Files.isReadable(file)) {
      throw CommandFailure.failed(
          "FILE_UNREADABLE", "%s: '%s' cannot be read; allow reading it".formatted(option, given));
    }
    return file.toRealPath();
  }

  /** The directory of a file given by its real path. */
  static Path folderOf(Path file) {
    return Objects.requireNonNull(file.getParent(), "a file lies in a directory");
  }

  /** The absolute path that was meant. */
  final Path path(String option, String given) {
    if (given.isBlank()) {
      throw CommandFailure.usage(option + " must not be empty");
    }
    try {
      return session.workingDirectory().resolve(given).normalize();
    } catch (InvalidPathException _) {
      throw CommandFailure.usage("%s: '%s' is no path".formatted(option, given));
    }
  }

  /** Lets the services of this machine read and write below a directory, and says so. */
  final void allow(Path directory, Output output) throws IOException {
    try {
      if (new AllowedRoots(session.home()).allow(directory)) {
        output.note("The services may now read and write below " + directory + ".");
      }
    } catch (IOException e) {
      throw CommandFailure.failed(
          "ROOTS_NOT_WRITABLE",
          "cannot allow the services to read '%s': %s".formatted(directory, e.getMessage()),
          e);
    }
  }

  static int between(String option, int value, int low, int high) {
    if (value < low || value > high) {
      throw CommandFailure.usage(
          "%s must be between %d and %d, not %d".formatted(option, low, high, value));
    }
    return value;
  }

  static String oneOf(String option, String value, List<String> allowed) {
    if (!allowed.contains(value)) {
      throw CommandFailure.usage(
          "%s must be one of %s, not '%s'".formatted(option, String.join(", ", allowed), value));
    }
    return value;
  }

  static String notBlank(String option, String value) {
    if (value.isBlank()) {
      throw CommandFailure.usage(option + " must not be empty");
    }
    return value;
  }
}
