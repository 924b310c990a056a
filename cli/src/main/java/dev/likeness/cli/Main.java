package dev.likeness.cli;

import dev.likeness.cli.command.Session;
import dev.likeness.cli.platform.Patience;
import dev.likeness.cli.platform.PlatformAddresses;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Starts the command line; {@code ./likeness} does. */
public final class Main {
  private Main() {}

  /** Runs one command and ends with its exit code, see {@link dev.likeness.cli.output.ExitCode}. */
  public static void main(String[] arguments) {
    Map<String, String> environment = System.getenv();
    Path here = Path.of("").toAbsolutePath();
    Session session =
        new Session(
            here.resolve(environment.getOrDefault("LIKENESS_HOME", ".likeness")),
            here,
            PlatformAddresses.from(System.getProperties()),
            "down".equals(environment.get("LIKENESS_PLATFORM")),
            utf8(FileDescriptor.out),
            utf8(FileDescriptor.err),
            "yes".equals(environment.get("LIKENESS_TERMINAL")),
            Patience.DEFAULT);
    System.exit(new CommandTree(session).run(arguments));
  }

  /** JSON is UTF-8 whatever the locale; on a terminal of our days so is everything else. */
  private static PrintStream utf8(FileDescriptor stream) {
    return new PrintStream(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }
}
