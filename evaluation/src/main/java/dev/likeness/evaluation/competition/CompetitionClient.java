package dev.likeness.evaluation.competition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.evaluation.competition.SubmissionHistory.Attempt;
import dev.likeness.evaluation.competition.SubmissionHistory.Waiting;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.submission.SubmissionFile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends submissions to a competition server and keeps every attempt. Blocking; one call at a time
 * per history folder.
 *
 * <p>A server has no way to tell a repeated submission from a new one, so nothing is repeated
 * unasked: what got no answer waits for {@link #retryQueued()}.
 */
public final class CompetitionClient implements AutoCloseable {
  /** A reply is a number or a sentence; 1 MiB is far more than both. */
  private static final int MAX_REPLY_BYTES = 1 << 20;

  private static final int MAX_REDIRECTS = 3;

  private final SubmissionHistory history;
  private final Clock clock;
  private final HttpClient http;

  /**
   * @param historyFolder where {@code history.jsonl} and {@code queue/} lie; made when missing
   * @param clock time of the history
   */
  public CompetitionClient(Path historyFolder, Clock clock) {
    this.history = new SubmissionHistory(historyFolder);
    this.clock = clock;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * Sends a submission once.
   *
   * @throws IOException if the history cannot be written
   * @throws InterruptedException if the thread is interrupted; the submission may have arrived
   */
  public CompetitionReply send(CompetitionRequest request)
      throws IOException, InterruptedException {
    String body = SubmissionFile.serverBodyText(request.submission(), request.groupName());
    Exchange exchange = exchange(request.url(), body, request.template(), request.timeout());
    if (exchange.reply() instanceof CompetitionReply.Queued) {
      history.enqueue(
          clock.instant(), request.url().toString(), body, request.template(), request.timeout());
    }
    record(exchange, request.url().toString(), body, request.template());
    return exchange.reply();
  }

  /**
   * Sends what waits, oldest first, each once. What is answered leaves the queue, also when it is
   * rejected; what gets no answer stays.
   *
   * @return one reply per submission that waited
   * @throws IOException if the history cannot be read or written
   * @throws InterruptedException if the thread is interrupted
   */
  public List<CompetitionReply> retryQueued() throws IOException, InterruptedException {
    List<CompetitionReply> replies = new ArrayList<>();
    for (Waiting waiting : history.waiting()) {
      Exchange exchange =
          exchange(
              URI.create(waiting.url()), waiting.body(), waiting.template(), waiting.timeout());
      record(exchange, waiting.url(), waiting.body(), waiting.template());
      if (!(exchange.reply() instanceof CompetitionReply.Queued)) {
        history.remove(waiting);
      }
      replies.add(exchange.reply());
    }
    return replies;
  }

  /**
   * How many submissions wait.
   *
   * @throws IOException if the queue cannot be read
   */
  public int queued() throws IOException {
    return history.waiting().size();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /** The reply and, where there was one, status and text as sent. */
  private record Exchange(CompetitionReply reply, @Nullable Integer status, @Nullable String raw) {}

  private Exchange exchange(URI url, String body, boolean template, Duration timeout)
      throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    URI target = url;
    for (int hop = 0; ; hop++) {
      CompletableFuture<HttpResponse<BoundedBody.Bytes>> pending =
          http.sendAsync(
              request(
                  target, body, template, Duration.ofNanos(Math.max(1, end - System.nanoTime()))),
              _ -> new BoundedBody(MAX_REPLY_BYTES));
      try {
        // The request's own timeout ends at the first byte of the reply, this one at the last.
        HttpResponse<BoundedBody.Bytes> response =
            pending.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        URI next = redirect(target, response);
        if (next == null || hop == MAX_REDIRECTS) {
          return answered(response);
        }
        target = next;
      } catch (TimeoutException _) {
        pending.cancel(true);
        return queued(timedOut(timeout));
      } catch (InterruptedException e) {
        pending.cancel(true);
        throw e;
      } catch (ExecutionException e) {
        return queued(whyNot(url, timeout, e.getCause()));
      }
    }
  }

  private static HttpRequest request(URI url, String body, boolean template, Duration timeout) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(url)
            .timeout(timeout)
            .POST(HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    return template ? builder.build() : builder.header("Content-Type", "application/json").build();
  }

  /** Where to send the same body again: only 307 and 308 ask for that, and only to this server. */
  private static @Nullable URI redirect(URI from, HttpResponse<BoundedBody.Bytes> response) {
    if (response.statusCode() != 307 && response.statusCode() != 308) {
      return null;
    }
    String location = response.headers().firstValue("Location").orElse("");
    try {
      URI target = from.resolve(location);
      return !location.isEmpty()
              && from.getScheme().equalsIgnoreCase(target.getScheme())
              && from.getRawAuthority().equalsIgnoreCase(target.getRawAuthority())
          ? target
          : null;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static Exchange answered(HttpResponse<BoundedBody.Bytes> response) {
    int status = response.statusCode();
    String text = new String(response.body().content(), StandardCharsets.UTF_8);
    if (response.body().cut()) {
      return new Exchange(
          new CompetitionReply.Rejected(
              status, "the reply is larger than 1 MiB; is this the competition server's address?"),
          status,
          text);
    }
    if (status >= 300 && status < 400) {
      String location = response.headers().firstValue("Location").orElse("an unknown address");
      return new Exchange(
          new CompetitionReply.Rejected(
              status,
              "the server redirects to '%s', which is not followed; give that address if you trust it"
                  .formatted(location.replaceAll("\\p{Cntrl}", "?"))),
          status,
          text);
    }
    return new Exchange(ReplyReading.of(status, text), status, text);
  }

  private static Exchange queued(String reason) {
    return new Exchange(new CompetitionReply.Queued(reason), null, null);
  }

  private static String timedOut(Duration timeout) {
    return "no answer within %s s; the submission is queued. The server may have counted it already: look there before it is sent again"
        .formatted(timeout.toMillis() / 1000.0);
  }

  private static String whyNot(URI url, Duration timeout, @Nullable Throwable cause) {
    return switch (cause) {
      case HttpConnectTimeoutException _ ->
          "cannot reach '%s' within %s s; the submission is queued, send it again when you are in its network"
              .formatted(url, timeout.toMillis() / 1000.0);
      case HttpTimeoutException _ -> timedOut(timeout);
      case ConnectException _ ->
          "cannot reach '%s'; the submission is queued, send it again when you are in its network"
              .formatted(url);
      case null, default ->
          "the connection to '%s' broke; the submission is queued. The server may have counted it already: look there before it is sent again"
              .formatted(url);
    };
  }

  private void record(Exchange exchange, String url, String body, boolean template)
      throws IOException {
    JsonNode sent = JsonDocument.parse(body);
    history.append(
        new Attempt(
            clock.instant(),
            url,
            sent.path("groupname").asText(),
            template,
            sent.path("images").size(),
            exchange.reply(),
            exchange.status(),
            exchange.raw()));
  }
}
