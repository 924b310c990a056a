package dev.likeness.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.cli.command.Session;
import dev.likeness.cli.platform.Patience;
import dev.likeness.cli.platform.PlatformAddresses;
import dev.likeness.evaluation.file.JsonDocument;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A command as a user sees it.
 *
 * @param exitCode its exit code
 * @param out standard output
 * @param err standard error
 */
record CommandLineRun(int exitCode, String out, String err) {
  private static final String NOBODY = "127.0.0.1:1";

  /** Runs a command that finds no platform. */
  static CommandLineRun alone(Path directory, String... arguments) {
    return at(NOBODY, false, directory, arguments);
  }

  /** Runs a command whose caller knows that the platform is down. */
  static CommandLineRun withPlatformDown(Path directory, String... arguments) {
    return at(NOBODY, true, directory, arguments);
  }

  /** Runs a command against a fake platform. */
  static CommandLineRun against(FakePlatform platform, Path directory, String... arguments) {
    return at(platform.address(), false, directory, arguments);
  }

  JsonNode json() throws Exception {
    String[] lines = out.split("\n");
    return JsonDocument.parse(lines[lines.length - 1]);
  }

  private static CommandLineRun at(
      String address, boolean platformDown, Path directory, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Session session =
        new Session(
            directory.resolve("home"),
            directory,
            new PlatformAddresses(address, address, address),
            platformDown,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false,
            new Patience(Duration.ofMinutes(2), Duration.ofMillis(10)));
    int exitCode = new CommandTree(session).run(arguments);
    return new CommandLineRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
