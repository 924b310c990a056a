package dev.likeness.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A platform of its own (own home, own ports) run by {@code ./likeness}, so that the tests meet
 * what users meet. Closing it stops every process it started.
 */
final class LocalPlatform implements AutoCloseable {

  /** A process of the platform, named as its pid file. */
  enum Process {
    KAFKA("kafka"),
    EMBEDDER("embedder"),
    INDEX("index"),
    TRAINER("trainer"),
    GATEWAY("gateway");

    private final String fileName;

    Process(String fileName) {
      this.fileName = fileName;
    }
  }

  private static final Path ROOT = Path.of(System.getProperty("likeness.root", ".."));
  private static final long COMMAND_MINUTES = 5;

  private final Path home;
  private final int portOffset;

  private LocalPlatform(Path home, int portOffset) {
    this.home = home;
    this.portOffset = portOffset;
  }

  /** Starts a platform with its state below a directory and every port moved by an offset. */
  static LocalPlatform start(Path home, int portOffset) {
    LocalPlatform platform = new LocalPlatform(home, portOffset);
    platform.run("up").succeeded();
    return platform;
  }

  /** The gRPC port of the gateway. */
  int gatewayPort() {
    return 9000 + portOffset;
  }

  /** The gRPC port of the trainer. */
  int trainerPort() {
    return 9003 + portOffset;
  }

  /** The port of the Kafka broker. */
  int kafkaPort() {
    return 19092 + portOffset;
  }

  Path home() {
    return home;
  }

  /** Runs a command of {@code ./likeness} to its end. */
  CommandResult run(String... words) {
    return begin(words).join();
  }

  /** Starts a command of {@code ./likeness}. */
  RunningCommand begin(String... words) {
    List<String> command = new ArrayList<>();
    command.add(ROOT.toAbsolutePath().normalize().resolve("likeness").toString());
    command.addAll(List.of(words));
    try {
      Files.createDirectories(home);
      Path output = Files.createTempFile(home, "command", ".out");
      Path errors = Files.createTempFile(home, "command", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectOutput(output.toFile())
              .redirectError(errors.toFile());
      builder.environment().put("LIKENESS_HOME", home.toString());
      builder.environment().put("LIKENESS_PORT_OFFSET", Integer.toString(portOffset));
      builder.environment().put("LIKENESS_BUILD", "never");
      builder.environment().put("LIKENESS_AOT", "off");
      return new RunningCommand(List.of(words), builder.start(), output, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends a process as kill -9 does, and returns when it is gone. */
  void kill(Process process) {
    ProcessHandle handle = handle(process);
    handle.destroyForcibly();
    handle.onExit().join();
  }

  private ProcessHandle handle(Process process) {
    Path file = home.resolve("run").resolve(process.fileName + ".pid");
    try {
      long pid = Long.parseLong(Files.readString(file).strip().split("\\s+")[0]);
      return ProcessHandle.of(pid)
          .orElseThrow(() -> new AssertionError(process + " is not running, its pid was " + pid));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last lines of every log, for messages of failed tests. */
  String logs() {
    StringBuilder text = new StringBuilder();
    for (Process process : Process.values()) {
      Path log = home.resolve("log").resolve(process.fileName + ".log");
      if (Files.exists(log)) {
        try {
          List<String> lines = Files.readAllLines(log);
          text.append("== ").append(process).append('\n');
          lines
              .subList(Math.max(0, lines.size() - 30), lines.size())
              .forEach(line -> text.append(line).append('\n'));
        } catch (IOException e) {
          text.append(e).append('\n');
        }
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    run("down").succeeded();
  }

  /** A command that has been started. */
  record RunningCommand(List<String> command, java.lang.Process process, Path output, Path errors) {

    /** Waits for its end. */
    CommandResult join() {
      try {
        if (!process.waitFor(COMMAND_MINUTES, TimeUnit.MINUTES)) {
          process.destroyForcibly();
          throw new AssertionError(
              command + " did not end in " + COMMAND_MINUTES + " minutes\n" + text());
        }
        return new CommandResult(
            command, process.exitValue(), Files.readString(output), Files.readString(errors));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    private String text() throws IOException {
      return Files.readString(output) + Files.readString(errors);
    }
  }
}
