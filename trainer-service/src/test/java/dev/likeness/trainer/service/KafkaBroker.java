package dev.likeness.trainer.service;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A real Kafka broker in a JVM of its own, with the settings of the local platform, on free ports
 * of the loopback interface. Its address and data stay the same when it is stopped and started
 * again.
 */
public final class KafkaBroker {

  private final Path module;
  private final Path folder;
  private final int port = freePort();
  private final int controllerPort = freePort();
  private Process process;

  /**
   * A broker that is not started.
   *
   * @param root of the repository
   * @param folder for its settings, data and log
   */
  public KafkaBroker(Path root, Path folder) {
    this.module = root.resolve("deploy/local/kafka");
    this.folder = folder;
    if (!Files.isDirectory(libraries())) {
      throw new IllegalStateException(
          "the broker's libraries are missing in %s; build them with 'mvn package -pl deploy/local/kafka'"
              .formatted(libraries()));
    }
  }

  /** For {@code kafka.bootstrap.servers}. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /**
   * Formats the data directory at the first start, and waits until the broker takes connections.
   */
  public void start() throws IOException, InterruptedException {
    Path settings = folder.resolve("server.properties");
    if (!Files.exists(settings)) {
      Files.createDirectories(folder);
      Files.writeString(
          settings,
          Files.readString(module.resolve("server.properties"))
              .replace("@broker-port@", String.valueOf(port))
              .replace("@controller-port@", String.valueOf(controllerPort))
              .replace("@data-directory@", folder.resolve("data").toString()));
      run(
          "kafka.tools.StorageTool",
          "format",
          "-t",
          "AAAAAAAAAAAAAAAAAAAAAA",
          "-c",
          settings.toString());
    }
    process = launch("kafka.Kafka", settings.toString());
    awaitConnection();
  }

  /** Stops it as a power failure would. */
  public void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  private void run(String... arguments) throws IOException, InterruptedException {
    int status = launch(arguments).waitFor();
    if (status != 0) {
      throw new IllegalStateException("the broker cannot be prepared:\n" + log());
    }
  }

  private Process launch(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-Dlog4j2.configurationFile=" + module.resolve("log4j2.xml"),
                "-cp",
                libraries() + File.separator + "*"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private void awaitConnection() throws IOException, InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(10).toNanos();
    while (System.nanoTime() < end) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
        return;
      } catch (IOException e) {
        if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException("the broker has ended:\n" + log(), e);
        }
      }
    }
    throw new IllegalStateException("the broker does not come up:\n" + log());
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  private Path libraries() {
    return module.resolve("target/lib");
  }

  /** Below the ports that the system gives to whoever asks for any, so that it stays free. */
  static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        continue;
      }
    }
  }
}
