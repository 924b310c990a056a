package dev.likeness.encoders.pull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real HTTP server on loopback that serves, redirects, cuts and stalls as it is told. */
final class FileServer implements AutoCloseable {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<HttpExchange> requests = new CopyOnWriteArrayList<>();

  /** What happens to requests for one path. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  FileServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  URI base() {
    return URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort()));
  }

  /** Requests so far, also those that other answers were given to. */
  List<HttpExchange> requests() {
    return requests;
  }

  List<String> headers(String name) {
    return requests.stream()
        .map(exchange -> String.valueOf(exchange.getRequestHeaders().getFirst(name)))
        .toList();
  }

  /** The first byte that each request asked for, in bytes from the start of the file. */
  List<Long> rangeStarts() {
    return requests.stream()
        .map(exchange -> exchange.getRequestHeaders().getFirst("Range"))
        .map(range -> range == null ? 0L : Long.parseLong(range.replaceAll("\\D", "")))
        .toList();
  }

  FileServer on(String path, Answer answer) {
    server.createContext(
        path,
        exchange -> {
          requests.add(exchange);
          try (exchange) {
            answer.to(exchange);
          }
        });
    return this;
  }

  static Answer status(int status) {
    return exchange -> exchange.sendResponseHeaders(status, -1);
  }

  static Answer redirect(String location) {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", location);
      exchange.sendResponseHeaders(302, -1);
    };
  }

  /** A whole file, with ranges and an entity tag. */
  static Answer file(byte[] content) {
    return cutFile(content, "\"one\"", content.length);
  }

  /**
   * A file that breaks off.
   *
   * @param piece bytes sent per request at most; the announced length is that of all
   */
  static Answer cutFile(byte[] content, String tag, int piece) {
    return exchange -> {
      int start = start(exchange, tag);
      if (start == content.length) {
        exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
        exchange.sendResponseHeaders(416, -1);
        return;
      }
      begin(exchange, content, tag, start);
      int length = Math.min(piece, content.length - start);
      OutputStream out = exchange.getResponseBody();
      out.write(content, start, length);
      out.flush();
    };
  }

  /** Sends some bytes and then nothing, until the server is closed. */
  Answer stalling(byte[] content, int piece) {
    return exchange -> {
      int start = start(exchange, "\"one\"");
      begin(exchange, content, "\"one\"", start);
      OutputStream out = exchange.getResponseBody();
      out.write(content, start, Math.min(piece, content.length - start));
      out.flush();
      if (start + piece < content.length) {
        waitForClose();
      }
    };
  }

  private static void begin(HttpExchange exchange, byte[] content, String tag, int start)
      throws IOException {
    exchange.getResponseHeaders().set("ETag", tag);
    if (start > 0) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(start, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(start > 0 ? 206 : 200, content.length - start);
  }

  private static int start(HttpExchange exchange, String tag) {
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null || !tag.equals(exchange.getRequestHeaders().getFirst("If-Range"))) {
      return 0;
    }
    Matcher matcher = RANGE.matcher(range);
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private void waitForClose() {
    try {
      closing.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
