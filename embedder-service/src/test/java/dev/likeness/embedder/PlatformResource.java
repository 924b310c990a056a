package dev.likeness.embedder;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smallrye.reactive.messaging.memory.InMemoryConnector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** A home, an import directory, free ports, and events without a broker. */
public class PlatformResource implements QuarkusTestResourceLifecycleManager {

  /** Configuration key of the directory from which imports are allowed. */
  public static final String IMPORTS = "likeness.platform.roots";

  private Path home;

  @Override
  public Map<String, String> start() {
    try {
      home = Files.createTempDirectory("likeness-embedder-test").toRealPath();
      Path imports = Files.createDirectory(home.resolve("imports"));
      Map<String, String> settings =
          new HashMap<>(
              InMemoryConnector.switchIncomingChannelsToInMemory(
                  "model-published", "model-promoted"));
      settings.put("likeness.platform.home", home.toString());
      settings.put(IMPORTS, imports.toString());
      settings.put("quarkus.http.test-port", "0");
      settings.put("quarkus.grpc.server.test-port", String.valueOf(freePort()));
      return settings;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
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

  @Override
  public void stop() {
    InMemoryConnector.clear();
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
