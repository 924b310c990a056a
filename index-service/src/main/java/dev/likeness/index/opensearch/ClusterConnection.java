package dev.likeness.index.opensearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.likeness.index.error.EngineUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.opensearch.client.opensearch.generic.Body;
import org.opensearch.client.opensearch.generic.OpenSearchGenericClient;
import org.opensearch.client.opensearch.generic.Requests;
import org.opensearch.client.opensearch.generic.Response;
import org.opensearch.client.transport.httpclient5.ApacheHttpClient5Transport;
import org.opensearch.client.transport.httpclient5.ApacheHttpClient5TransportBuilder;

/**
 * Calls of the cluster through its official client, which goes round the nodes and leaves out those
 * that do not answer. What can succeed in a moment is tried again, with growing pauses, until the
 * deadline. All values travel as JSON made by a generator: nothing of a caller becomes syntax.
 */
final class ClusterConnection implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
  private static final Timeout CONNECT = Timeout.ofSeconds(2);

  private final ApacheHttpClient5Transport transport;
  private final OpenSearchGenericClient client;
  private final Duration timeout;

  ClusterConnection(OpenSearchSettings settings) {
    this.timeout = settings.timeout();
    HttpHost[] hosts = settings.urls().stream().map(HttpHost::create).toArray(HttpHost[]::new);
    Timeout answer = Timeout.ofMilliseconds(timeout.toMillis());
    this.transport =
        ApacheHttpClient5TransportBuilder.builder(hosts)
            .setDefaultHeaders(authorization(settings))
            .setRequestConfigCallback(request -> request.setResponseTimeout(answer))
            .setConnectionConfigCallback(connection -> connection.setConnectTimeout(CONNECT))
            .build();
    this.client = new OpenSearchGenericClient(transport);
  }

  private static Header[] authorization(OpenSearchSettings settings) {
    if (settings.user().isEmpty()) {
      return new Header[0];
    }
    String credentials = settings.user().get() + ":" + settings.password().orElse("");
    String encoded =
        Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    return new Header[] {new BasicHeader("Authorization", "Basic " + encoded)};
  }

  /** Lines of JSON, sent once. */
  JsonNode sendLines(String path, Map<String, String> parameters, byte[] lines) {
    return once("POST", path, parameters, lines, "application/x-ndjson");
  }

  /**
   * One call, sent once.
   *
   * @param body made into JSON; null for none
   * @throws ClusterException if the cluster refuses it
   * @throws RetryableException if it could not do it now
   */
  JsonNode send(String method, String path, Map<String, String> parameters, @Nullable Object body) {
    byte[] bytes = body == null ? null : bytes(body);
    return once(method, path, parameters, bytes, "application/json");
  }

  /**
   * Runs {@code attempt} until it throws no {@link RetryableException}, or the deadline passes.
   *
   * @param action what it is for, to say what could not be done: "create collection 'shoes'"
   * @throws EngineUnavailableException if the deadline passes
   */
  <T> T retrying(String action, Supplier<T> attempt) {
    return retrying(action, timeout, attempt);
  }

  /** The same with a deadline of its own, for questions that somebody waits for who asks again. */
  <T> T retrying(String action, Duration limit, Supplier<T> attempt) {
    long end = System.nanoTime() + limit.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return attempt.get();
      } catch (RetryableException e) {
        if (System.nanoTime() + pause.toNanos() > end) {
          throw new EngineUnavailableException(action, String.valueOf(e.getMessage()));
        }
        pause(action, pause);
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      }
    }
  }

  private static void pause(String action, Duration pause) {
    long nanos = pause.toNanos();
    try {
      TimeUnit.NANOSECONDS.sleep(ThreadLocalRandom.current().nextLong(nanos / 2, nanos + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineUnavailableException(action, "the service is stopping");
    }
  }

  private JsonNode once(
      String method,
      String path,
      Map<String, String> parameters,
      byte @Nullable [] bytes,
      String type) {
    Body body = bytes == null ? null : Body.from(bytes, type);
    try (Response response =
        client.execute(Requests.create(method, path, List.of(), parameters, body))) {
      JsonNode answer = read(response);
      if (response.getStatus() >= 300) {
        throw ClusterException.of(response.getStatus(), answer.path("error"));
      }
      return answer;
    } catch (IOException e) {
      throw new RetryableException(reason(e));
    }
  }

  private static JsonNode read(Response response) throws IOException {
    if (response.getBody().isEmpty()) {
      return MissingNode.getInstance();
    }
    try (Body body = response.getBody().get();
        InputStream in = body.body()) {
      return JSON.readTree(in);
    } catch (JsonProcessingException e) {
      if (response.getStatus() < 300) {
        throw e;
      }
      return MissingNode.getInstance();
    }
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? "the connection was lost" : message;
  }

  static byte[] bytes(Object body) {
    try {
      return JSON.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a request that is no JSON", e);
    }
  }

  @Override
  public void close() throws IOException {
    transport.close();
  }
}
