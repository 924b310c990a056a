package dev.likeness.index.collection;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A collection as of one moment.
 *
 * @param settings empty if its manifest cannot be read
 * @param createTime empty if its manifest cannot be read
 * @param vectorCount vectors that can be found, 0 if it is damaged
 * @param sizeBytes of its files
 * @param aliases that point to it, sorted
 * @param isVerified whether all that lies on disk was compared with its checksums since the start;
 *     true for a damaged one, about which nothing more will be found out
 * @param failureReason why it cannot be searched or written, empty if it can
 */
public record CollectionDescription(
    CollectionName name,
    Optional<CollectionSettings> settings,
    Optional<Instant> createTime,
    long vectorCount,
    long sizeBytes,
    List<CollectionName> aliases,
    boolean isVerified,
    Optional<String> failureReason) {
  public CollectionDescription {
    aliases = List.copyOf(aliases);
  }
}
