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
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real HTTP server on loopback that serves, redirects, cuts and stalls as it is told. */
final class FileServer implements AutoCloseable {

  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final List<HttpExchange> requests = new CopyOnWriteArrayList<>();
  private final Semaphore arrivals = new Semaphore(0);
  private volatile long awaited = Long.MAX_VALUE;

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
    return file(content, "\"one\"");
  }

  /** As above, with this entity tag. */
  static Answer file(byte[] content, String tag) {
    return exchange -> {
      int start = start(exchange, tag);
      if (start == content.length) {
        exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
        exchange.sendResponseHeaders(416, -1);
        return;
      }
      begin(exchange, content, tag, start);
      exchange.getResponseBody().write(content, start, content.length - start);
    };
  }

  /**
   * A file that breaks off; its client has to call {@link #received}.
   *
   * @param piece bytes sent per request at most; the announced length is that of all
   */
  Answer cutFile(byte[] content, int piece) {
    return exchange -> {
      int start = start(exchange, "\"one\"");
      begin(exchange, content, "\"one\"", start);
      sendAndCut(exchange, content, start, Math.min(start + piece, content.length));
    };
  }

  /** A file that breaks off at the same byte each time, from a server that does not resume. */
  Answer hopeless(byte[] content, int piece) {
    return exchange -> {
      exchange.sendResponseHeaders(200, content.length);
      sendAndCut(exchange, content, 0, piece);
    };
  }

  /**
   * A cut loses what is under way, so it comes when the client says that all before has arrived.
   */
  private void sendAndCut(HttpExchange exchange, byte[] content, int start, int end)
      throws IOException {
    awaited = end;
    OutputStream out = exchange.getResponseBody();
    out.write(content, start, end - start);
    out.flush();
    try {
      boolean unused = arrivals.tryAcquire(1, TimeUnit.MINUTES);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** To be told how much of the file the client has. */
  void received(long bytes) {
    if (bytes >= awaited) {
      awaited = Long.MAX_VALUE;
      arrivals.release();
    }
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
