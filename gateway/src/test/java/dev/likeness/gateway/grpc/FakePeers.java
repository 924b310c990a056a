package dev.likeness.gateway.grpc;

import dev.likeness.gateway.TestDataset;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Starts fake peers on free ports, and gives the gateway a home and a root of its own. */
public final class FakePeers implements QuarkusTestResourceLifecycleManager {

  static final FakeEmbedderServer EMBEDDER = new FakeEmbedderServer();
  static final FakeIndexServer INDEX = new FakeIndexServer();
  static Path root;
  private static Server embedder;
  private static Server index;

  @Override
  public Map<String, String> start() {
    try {
      embedder = serve(EMBEDDER, 0);
      index = serve(INDEX, freePort());
      Path folder = Files.createTempDirectory("gateway-test").toRealPath();
      root = Files.createDirectory(folder.resolve("data"));
      TestDataset.circle(root.resolve("circle"));
      int port = freePort();
      return Map.of(
          "quarkus.http.test-port", "0",
          "quarkus.grpc.server.test-port", String.valueOf(port),
          "quarkus.grpc.clients.gateway.test-port", String.valueOf(port),
          "quarkus.grpc.clients.embedder.test-port", String.valueOf(embedder.getPort()),
          "quarkus.grpc.clients.index.test-port", String.valueOf(index.getPort()),
          "likeness.platform.home", folder.resolve("home").toString(),
          "likeness.platform.roots", root.toString(),
          "likeness.platform.call-deadline", "2m");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Below the ports that the system gives to whoever asks for any, so that it stays free. */
  private static int freePort() throws IOException {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        continue;
      }
    }
  }

  private static Server serve(io.grpc.BindableService service, int port) throws IOException {
    return NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
        .addService(service)
        .build()
        .start();
  }

  /** The index dies. */
  static int stopIndex() throws InterruptedException {
    int port = index.getPort();
    index.shutdownNow().awaitTermination();
    return port;
  }

  /** The index comes back where it was. */
  static void startIndex(int port) throws IOException {
    index = serve(INDEX, port);
  }

  @Override
  public void stop() {
    embedder.shutdownNow();
    index.shutdownNow();
  }
}
