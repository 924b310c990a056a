package dev.likeness.benchmarks.embedding;

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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The packaged embedder as a process of its own, without the rest of the platform. */
final class EmbedderProcess implements AutoCloseable {

  private static final int START_SECONDS = 120;
  private static final int STOP_SECONDS = 20;

  /** There is no broker here; looking for one must not be measured. */
  private static final int BROKER_RETRY_MILLIS = 10_000;

  private static final int LARGEST_MESSAGE = 32 << 20;

  private final Process process;
  private final ManagedChannel channel;

  private EmbedderProcess(Process process, int port) {
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
   * @param root of the built sources
   * @param home its state; {@code models} there is its model store
   * @param threads inferences at a time
   */
  static EmbedderProcess start(Path root, Path home, int threads) throws Exception {
    Path jar = root.resolve("embedder-service/target/quarkus-app/quarkus-run.jar");
    if (!Files.isRegularFile(jar)) {
      throw new IllegalArgumentException("the embedder is not built; run './likeness build'");
    }
    int grpc = freePort();
    int http = freePort();
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-Xmx512m",
                    "--add-modules",
                    "jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dlikeness.platform.home=" + home,
                    "-Dlikeness.embedder.inference.threads=" + threads,
                    "-Dkafka.reconnect.backoff.ms=" + BROKER_RETRY_MILLIS,
                    "-Dquarkus.http.port=" + http,
                    "-Dquarkus.grpc.server.port=" + grpc,
                    "-jar",
                    jar.toString()))
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("embedder.log").toFile())
            .start();
    EmbedderProcess embedder = new EmbedderProcess(process, grpc);
    try {
      embedder.awaitReady(URI.create("http://127.0.0.1:" + http + "/q/health/ready"));
      return embedder;
    } catch (Exception failure) {
      embedder.close();
      throw new IllegalStateException(
          "the embedder did not start: " + Files.readString(home.resolve("embedder.log")), failure);
    }
  }

  ManagedChannel channel() {
    return channel;
  }

  /** Processor time since it started; empty where the system does not tell. */
  Optional<Duration> processorTime() {
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
