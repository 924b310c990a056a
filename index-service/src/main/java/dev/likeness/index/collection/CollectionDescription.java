package dev.likeness.index.collection;

import dev.likeness.index.search.SealableIndex;
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
 * @param engine what searches it, in a word
 * @param use how it was chosen to be searched, and what that is worth; empty where nobody can
 *     choose
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
    String engine,
    Optional<EngineUse> use,
    Optional<String> failureReason) {
  /**
   * @param byGraph the recall and how many vectors are searched by graph; empty while all searches
   *     are exact
   */
  public record EngineUse(EngineChoice choice, Optional<SealableIndex.GraphUse> byGraph) {}

  public CollectionDescription {
    aliases = List.copyOf(aliases);
  }
}
