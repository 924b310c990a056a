package dev.likeness.evaluation.competition;

import dev.likeness.evaluation.submission.Submission;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * A submission on its way to a server.
 *
 * @param url address of the server, http or https; a missing slash at the end of its path is added
 * @param groupName name of the group, as the server knows it
 * @param submission the answers
 * @param template true sends the body as the competition's own script does: a raw string without
 *     {@code Content-Type}
 * @param timeout how long to wait for the whole exchange, positive
 */
public record CompetitionRequest(
    URI url, String groupName, Submission submission, boolean template, Duration timeout) {
  /** Long enough for a busy server on the competition's day. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  /**
   * @throws IllegalArgumentException if the address is no http address, the group has no name or
   *     the timeout is not positive
   */
  public CompetitionRequest {
    Objects.requireNonNull(submission, "submission");
    if (groupName.isBlank()) {
      throw new IllegalArgumentException("the group name is empty; give the name of your group");
    }
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException("the timeout must be positive, got " + timeout);
    }
    url = withSlash(requireHttp(url));
  }

  private static URI requireHttp(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!(scheme.equals("http") || scheme.equals("https")) || url.getHost() == null) {
      throw new IllegalArgumentException(
          "the address must look like http://host:port/retrieval/, got '" + url + "'");
    }
    if (url.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "the address must not hold a user name or password; the history keeps it in plain text");
    }
    return url;
  }

  private static URI withSlash(URI url) {
    String path = url.getRawPath() == null ? "" : url.getRawPath();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return path.endsWith("/")
        ? url
        : URI.create(url.getScheme() + "://" + url.getRawAuthority() + path + "/" + query);
  }
}
