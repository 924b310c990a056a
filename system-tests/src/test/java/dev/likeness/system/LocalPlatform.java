package dev.likeness.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A platform of its own (own home, own ports) run by {@code ./likeness}, so that the tests meet
 * what users meet. Closing it stops every process it started.
 */
final class LocalPlatform implements AutoCloseable {

  /** A process of the platform, named as its pid file. */
  enum ServiceName {
    KAFKA("kafka"),
    EMBEDDER("embedder"),
    INDEX("index"),
    TRAINER("trainer"),
    GATEWAY("gateway");

    private final String fileName;

    ServiceName(String fileName) {
      this.fileName = fileName;
    }
  }

  private static final Path ROOT = Path.of(System.getProperty("likeness.root", ".."));
  private static final long COMMAND_MINUTES = 15;

  private final Path home;
  private final int portOffset;
  private final String javaOptions;

  private LocalPlatform(Path home, int portOffset, String javaOptions) {
    this.home = home;
    this.portOffset = portOffset;
    this.javaOptions = javaOptions;
  }

  /** Starts a platform with its state below a directory and every port moved by an offset. */
  static LocalPlatform start(Path home, int portOffset) {
    return start(home, portOffset, "");
  }

  /** As above, with options for the JVM of every service. */
  static LocalPlatform start(Path home, int portOffset, String javaOptions) {
    LocalPlatform platform = new LocalPlatform(home, portOffset, javaOptions);
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
      builder.environment().put("LIKENESS_START_TIMEOUT", "600");
      builder.environment().put("LIKENESS_JAVA_OPTS", javaOptions);
      return new RunningCommand(List.of(words), builder.start(), output, errors);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts a trainer beside the platform's own, with the same state, and waits until it is ready.
   */
  Process startAnotherTrainer(int grpcPort, int httpPort) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-Xmx1g",
            "--enable-native-access=ALL-UNNAMED",
            "--add-modules=jdk.incubator.vector",
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-Dorg.bytedeco.javacpp.maxBytes=0",
            "-Dlikeness.platform.home=" + home,
            "-Dlikeness.platform.roots-file=" + home.resolve("roots"),
            "-Dquarkus.http.port=" + httpPort,
            "-Dquarkus.grpc.server.port=" + grpcPort,
            "-Dkafka.bootstrap.servers=127.0.0.1:" + kafkaPort(),
            "-Dquarkus.grpc.clients.embedder.port=" + (9001 + portOffset)));
    command.addAll(List.of(javaOptions.split(" ")));
    Path jar = ROOT.resolve("trainer-service/target/quarkus-app/quarkus-run.jar");
    command.addAll(List.of("-jar", jar.toAbsolutePath().normalize().toString()));
    Path log = home.resolve("log").resolve("another-trainer.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    HttpRequest ready =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/q/health/ready".formatted(httpPort)))
            .timeout(Duration.ofSeconds(30))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (process.isAlive()) {
        try {
          if (client.send(ready, HttpResponse.BodyHandlers.discarding()).statusCode() == 200) {
            return process;
          }
        } catch (IOException notYet) {
          // It is starting.
        }
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
    throw new AssertionError("the second trainer ended\n" + Files.readString(log));
  }

  /** Ends a process as kill -9 does, and returns when it is gone. */
  void kill(ServiceName process) {
    ProcessHandle handle = handle(process);
    handle.destroyForcibly();
    handle.onExit().join();
  }

  private ProcessHandle handle(ServiceName process) {
    Path file = home.resolve("run").resolve(process.fileName + ".pid");
    try {
      long pid = Long.parseLong(Files.readString(file).strip().split("\\s+")[0]);
      return ProcessHandle.of(pid)
          .orElseThrow(() -> new AssertionError(process + " is not running, its pid was " + pid));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Names of the metrics that the four services export. */
  Set<String> metrics() throws IOException, InterruptedException {
    Set<String> names = new TreeSet<>();
    for (int base = 8080; base <= 8083; base++) {
      get(base, "/q/metrics")
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> names.add(line.split("[{ ]", 2)[0]));
    }
    return names;
  }

  /** What is answered over HTTP at a port of the platform without its offset. */
  String get(int base, String path) throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:%d%s".formatted(base + portOffset, path));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  /** The last lines of every log, for messages of failed tests. */
  String logs() {
    StringBuilder text = new StringBuilder();
    for (ServiceName process : ServiceName.values()) {
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
  record RunningCommand(List<String> command, Process process, Path output, Path errors) {

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
