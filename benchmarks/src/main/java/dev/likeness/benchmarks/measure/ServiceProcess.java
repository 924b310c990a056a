package dev.likeness.benchmarks.measure;

import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A packaged service as a process of its own, without the rest of the platform. */
public final class ServiceProcess implements AutoCloseable {

  private static final int START_SECONDS = 120;
  private static final int STOP_SECONDS = 20;

  /** There is no broker here; looking for one must not be measured. */
  private static final int BROKER_RETRY_MILLIS = 10_000;

  private static final int LARGEST_MESSAGE = 32 << 20;

  private final Process process;
  private final ManagedChannel channel;

  private ServiceProcess(Process process, int port) {
    this.process = process;
    this.channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", port)
            .usePlaintext()
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .build();
  }

  /**
   * Starts it and waits until it is ready.
   *
   * @param name its module without {@code -service}: embedder, index
   * @param root of the built sources
   * @param home its state
   * @param options of the JVM, besides those that every service has
   */
  public static ServiceProcess start(String name, Path root, Path home, List<String> options)
      throws Exception {
    Path jar = root.resolve(name + "-service/target/quarkus-app/quarkus-run.jar");
    if (!Files.isRegularFile(jar)) {
      throw new IllegalArgumentException(
          "the %s service is not built; run './likeness build'".formatted(name));
    }
    int grpc = freePort();
    int http = freePort();
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Dlikeness.platform.home=" + home,
            "-Dkafka.reconnect.backoff.ms=" + BROKER_RETRY_MILLIS,
            "-Dquarkus.http.port=" + http,
            "-Dquarkus.grpc.server.port=" + grpc));
    command.addAll(options);
    command.addAll(List.of("-jar", jar.toString()));
    Path log = home.resolve(name + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    ServiceProcess service = new ServiceProcess(process, grpc);
    try {
      service.awaitReady(URI.create("http://127.0.0.1:" + http + "/q/health/ready"));
      return service;
    } catch (Exception failure) {
      service.close();
      throw new IllegalStateException(
          "the %s service did not start: %s".formatted(name, Files.readString(log)), failure);
    }
  }

  /** To its gRPC port. */
  public ManagedChannel channel() {
    return channel;
  }

  /** Processor time since it started; empty where the system does not tell. */
  public Optional<Duration> processorTime() {
    return process.info().totalCpuDuration();
  }

  private void awaitReady(URI health) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    try (HttpClient client = HttpClient.newHttpClient()) {
      while (true) {
        try {
          if (client
                  .send(
                      HttpRequest.newBuilder(health).build(),
                      HttpResponse.BodyHandlers.discarding())
                  .statusCode()
              == 200) {
            return;
          }
        } catch (IOException notYet) {
          if (!process.isAlive() || System.nanoTime() > deadline) {
            throw notYet;
          }
        }
        if (process.waitFor(100, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
          throw new IOException("it is not ready");
        }
      }
    }
  }

  @Override
  public void close() throws InterruptedException {
    channel.shutdownNow();
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
