package dev.likeness.gateway.peer;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a collection is searched.
 *
 * @param chosen exact, graph or auto; empty where a cluster decides
 * @param used what searches it now
 * @param targetRecall share of the true neighbors to be found by graph; null where a cluster
 *     decides
 * @param measuredRecall share that is found; null while all searches are exact
 * @param vectorCount vectors of the collection
 * @param graphVectorCount vectors that are searched by graph
 */
public record SearchEngine(
    String chosen,
    String used,
    @Nullable Double targetRecall,
    @Nullable Double measuredRecall,
    long vectorCount,
    long graphVectorCount) {

  /** False where a cluster decides. */
  public boolean canBeChosen() {
    return !chosen.isEmpty();
  }

  /** Whether the same was chosen. */
  public boolean isChosenLike(SearchEngine other) {
    return chosen.equals(other.chosen) && Objects.equals(targetRecall, other.targetRecall);
  }
}
