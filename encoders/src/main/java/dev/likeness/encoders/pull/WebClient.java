package dev.likeness.encoders.pull;

import dev.likeness.encoders.pull.DownloadException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Asks for files and follows redirects itself: the token goes to the first server only, https never
 * becomes http, and what the first server says about the file is kept, because Hugging Face states
 * the hash in the redirect and not at its end.
 */
final class WebClient implements AutoCloseable {

  private static final int MOST_REDIRECTS = 10;
  private static final Duration CONNECT = Duration.ofSeconds(30);

  private final HttpClient client;
  private final Duration patience;

  /**
   * @param patience for the head of an answer
   */
  WebClient(Map<String, String> environment, Duration patience) {
    this.patience = patience;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .proxy(
                new EnvironmentProxies(
                    environment, Optional.ofNullable(ProxySelector.getDefault())))
            .build();
  }

  /**
   * What a server has to say.
   *
   * @param linkedTag X-Linked-Etag of the first answer that had one
   */
  record Answer(HttpResponse<InputStream> response, Optional<String> linkedTag)
      implements AutoCloseable {

    int status() {
      return response.statusCode();
    }

    Optional<String> header(String name) {
      return response.headers().firstValue(name);
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }

  /**
   * @param headers sent to every server on the way
   * @param token sent to servers of the address's own origin
   * @throws IOException if a connection fails
   */
  Answer get(URI address, Map<String, String> headers, Optional<String> token) throws IOException {
    URI current = address;
    Optional<String> linkedTag = Optional.empty();
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpRequest.Builder request = HttpRequest.newBuilder(current).timeout(patience).GET();
      request.header("User-Agent", "likeness");
      headers.forEach(request::header);
      if (token.isPresent() && WebAddress.sameOrigin(address, current)) {
        request.header("Authorization", "Bearer " + token.get());
      }
      Answer answer = send(request.build(), linkedTag);
      linkedTag = answer.linkedTag;
      Optional<String> location = answer.header("Location");
      if (!isRedirect(answer.status()) || location.isEmpty()) {
        return answer;
      }
      answer.close();
      current = next(current, location.get());
    }
    throw new DownloadException(
        Reason.UNEXPECTED_ANSWER,
        "%s redirects more than %d times".formatted(WebAddress.printable(address), MOST_REDIRECTS));
  }

  private Answer send(HttpRequest request, Optional<String> earlierTag) throws IOException {
    try {
      HttpResponse<InputStream> response =
          client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      return new Answer(
          response, earlierTag.or(() -> response.headers().firstValue("X-Linked-Etag")));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new DownloadException(Reason.INTERRUPTED, "the download was interrupted", interrupted);
    }
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private static URI next(URI current, String location) {
    URI next;
    try {
      next = current.resolve(location);
    } catch (IllegalArgumentException malformed) {
      throw new DownloadException(
          Reason.UNEXPECTED_ANSWER,
          WebAddress.printable(current) + " redirects to what is no address",
          malformed);
    }
    boolean weaker =
        "https".equalsIgnoreCase(current.getScheme())
            && !"https".equalsIgnoreCase(next.getScheme());
    if (!WebAddress.isWeb(next) || next.getHost() == null || weaker) {
      throw new DownloadException(
          Reason.UNEXPECTED_ANSWER,
          "%s redirects to %s, which is not followed"
              .formatted(WebAddress.printable(current), WebAddress.printable(next)));
    }
    return next;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
