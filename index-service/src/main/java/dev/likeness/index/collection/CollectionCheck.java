package dev.likeness.index.collection;

import java.util.List;
import java.util.OptionalLong;

/**
 * What reading a collection back from disk found.
 *
 * @param acknowledgedCount vectors acknowledged; empty if that is no longer known
 * @param readableCount vectors read back unchanged
 * @param problems one sentence each, empty if all is well
 */
public record CollectionCheck(
    OptionalLong acknowledgedCount, long readableCount, List<String> problems) {
  public CollectionCheck {
    problems = List.copyOf(problems);
  }

  public boolean passed() {
    return problems.isEmpty();
  }
}
