package dev.likeness.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/**
 * A competition server as DESIGN describes it: the path ends with a slash, the body is {@code
 * {"groupname","images"}} with or without a JSON header, the answer is JSON or a plain-text error.
 */
final class CompetitionServer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<Received> received = new CopyOnWriteArrayList<>();

  /**
   * A submission as it arrived.
   *
   * @param contentType the header, null without one
   * @param body the body
   */
  record Received(String contentType, JsonNode body) {}

  private CompetitionServer(HttpServer server) {
    this.server = server;
  }

  static CompetitionServer start() {
    try {
      HttpServer http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
      CompetitionServer server = new CompetitionServer(http);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.createContext("/submit/", server::score);
      http.createContext("/closed/", exchange -> reply(exchange, 403, "The competition is over."));
      http.createContext("/silent/", server::waitForever);
      http.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  List<Received> received() {
    return received;
  }

  private void score(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().endsWith("/")) {
      reply(exchange, 404, "Not Found");
      return;
    }
    JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
    received.add(new Received(exchange.getRequestHeaders().getFirst("Content-Type"), body));
    if (!body.path("images").isObject() || body.path("groupname").asText().isEmpty()) {
      reply(exchange, 400, "groupname and images are needed");
      return;
    }
    reply(exchange, 200, "{\"accuracy\": 512.5}");
  }

  private void waitForever(HttpExchange exchange) {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
  }
}
