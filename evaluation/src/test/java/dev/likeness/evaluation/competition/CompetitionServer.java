package dev.likeness.evaluation.competition;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A competition server that answers what a test tells it to, on a free port of this machine. */
final class CompetitionServer implements AutoCloseable {
  private interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Answer answer = exchange -> exchange.sendResponseHeaders(404, -1);
  private volatile String body = "";
  private volatile String path = "";
  private volatile @Nullable String contentType;

  private CompetitionServer(HttpServer http) {
    this.http = http;
  }

  static CompetitionServer start() {
    try {
      CompetitionServer server =
          new CompetitionServer(
              HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
      server.http.createContext("/", server::handle);
      server.http.setExecutor(server.threads);
      server.http.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void answers(int status, String text) {
    answersBytes(status, text.getBytes(StandardCharsets.UTF_8));
  }

  void answersBytes(int status, byte[] bytes) {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        };
  }

  void redirects(int status, String location) {
    answer =
        exchange -> {
          exchange.getResponseHeaders().add("Location", location);
          exchange.sendResponseHeaders(status, -1);
        };
  }

  void staysSilent() {
    answer = _ -> awaitClose();
  }

  /** Sends the head and a part of the body, and never the rest. */
  void trickles() {
    answer =
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('{');
          exchange.getResponseBody().flush();
          awaitClose();
        };
  }

  URI url(String path) {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + path);
  }

  int requests() {
    return requests.get();
  }

  String body() {
    return body;
  }

  String path() {
    return path;
  }

  @Nullable String contentType() {
    return contentType;
  }

  @Override
  public void close() {
    closed.countDown();
    http.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.incrementAndGet();
      body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      path = exchange.getRequestURI().toString();
      contentType = exchange.getRequestHeaders().getFirst("Content-Type");
      answer.to(exchange);
    }
  }

  private void awaitClose() {
    try {
      closed.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
