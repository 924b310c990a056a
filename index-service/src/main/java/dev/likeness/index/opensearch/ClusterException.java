package dev.likeness.index.opensearch;

import com.fasterxml.jackson.databind.JsonNode;

/** The cluster refused a request, and would refuse it again. */
final class ClusterException extends RuntimeException {

  private final int status;
  private final String type;

  private ClusterException(int status, String type, String reason) {
    super(reason, null, false, false);
    this.status = status;
    this.type = type;
  }

  /**
   * What an error of the cluster means.
   *
   * @return this exception, or a {@link RetryableException}
   */
  static RuntimeException of(int status, JsonNode error) {
    String type = error.path("type").asText("");
    String reason = error.path("reason").asText(error.asText("status " + status));
    String cause = error.path("root_cause").path(0).path("reason").asText(reason);
    return isTransient(status, error.toString())
        ? new RetryableException(cause)
        : new ClusterException(status, type, cause);
  }

  /**
   * A node that leaves takes its part of a point in time with it, and a shard that moves is missing
   * for a moment; both are answered with codes that stand for lasting errors elsewhere.
   */
  private static boolean isTransient(int status, String error) {
    return status == 429
        || status == 502
        || status == 503
        || status == 504
        || error.contains("search_context_missing_exception")
        || error.contains("node_not_connected_exception")
        || error.contains("node_disconnected_exception")
        || error.contains("no_shard_available_action_exception");
  }

  boolean is(String expected) {
    return type.equals(expected);
  }

  /** True if an index, an alias or a snapshot does not exist. */
  boolean isMissing() {
    return status == 404;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
