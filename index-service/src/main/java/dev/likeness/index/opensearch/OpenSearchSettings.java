package dev.likeness.index.opensearch;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the cluster is reached and what new collections look like there.
 *
 * @param urls of one or more nodes, not empty
 * @param user for basic authentication; empty for none
 * @param password of the user
 * @param prefix the indices of this store are named {@code <prefix>@<collection>}
 * @param shards of new collections
 * @param replicas of new collections: copies beside the first
 * @param approximate true if new collections get a graph and are searched by it
 * @param candidates per shard that a search by the graph looks at, at least; more find more of the
 *     true neighbors
 * @param timeout after which a call that does not succeed is given up
 */
public record OpenSearchSettings(
    List<URI> urls,
    Optional<String> user,
    Optional<String> password,
    String prefix,
    int shards,
    int replicas,
    boolean approximate,
    int candidates,
    Duration timeout) {
  public OpenSearchSettings {
    urls = List.copyOf(urls);
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("at least one URL of the cluster is needed");
    }
  }

  @Override
  public String toString() {
    return "OpenSearch at %s, indices '%s@…'".formatted(urls, prefix);
  }
}
