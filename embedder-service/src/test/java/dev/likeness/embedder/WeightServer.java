package dev.likeness.embedder;

import com.sun.net.httpserver.HttpServer;
import dev.likeness.embedder.config.PullEnvironment;
import dev.likeness.service.PlatformConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/** Stands for every place where weights are published; has nothing until it is told. */
@Singleton
public class WeightServer {

  private final HttpServer server;
  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Map<String, Runnable> halfway = new ConcurrentHashMap<>();

  public WeightServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          byte[] file = files.get(path);
          try (exchange) {
            if (file == null) {
              exchange.sendResponseHeaders(404, -1);
              return;
            }
            exchange.sendResponseHeaders(200, file.length);
            OutputStream body = exchange.getResponseBody();
            body.write(file, 0, file.length / 2);
            body.flush();
            halfway.getOrDefault(path, () -> {}).run();
            body.write(file, file.length / 2, file.length - file.length / 2);
          }
        });
    server.start();
  }

  public URI put(String path, byte[] file) {
    files.put(path, file);
    return base().resolve(path);
  }

  /** What to do when half of a file was sent. */
  public void halfway(String path, Runnable action) {
    halfway.put(path, action);
  }

  @Produces
  @Singleton
  PullEnvironment environment(PlatformConfig platform) {
    return new PullEnvironment(
        Map.of(
            "HF_ENDPOINT", base().toString(),
            "TORCHVISION_ENDPOINT", base().toString(),
            "LIKENESS_CACHE", platform.home().resolve("cache").toString()));
  }

  private URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @PreDestroy
  void stop() {
    server.stop(0);
  }
}
