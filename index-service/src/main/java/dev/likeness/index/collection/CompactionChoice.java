package dev.likeness.index.collection;

import dev.likeness.index.search.SealableIndex.SealedState;
import dev.likeness.index.search.SealedRows;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which segments are worth writing anew, together. */
final class CompactionChoice {

  /** One row in five: the room that deleted rows take stays below a quarter of the live ones. */
  private static final int DEAD_SHARE = 5;

  private CompactionChoice() {}

  /**
   * First segments with many deleted rows; then, so that their number grows with the logarithm of
   * the rows only, several of about one size.
   *
   * @param tolerated segments of about one size, as many as are merged at least; fewer are left
   *     alone
   * @return empty if all is well
   */
  static List<SealedRows> of(List<SealedState> states, long sealBytes, int tolerated) {
    List<SealedRows> dirty =
        states.stream()
            .filter(state -> state.deletedCount() * (long) DEAD_SHARE > state.rows().count())
            .map(SealedState::rows)
            .limit(1)
            .toList();
    return dirty.isEmpty() ? ofOneSize(states, sealBytes, tolerated) : dirty;
  }

  private static List<SealedRows> ofOneSize(
      List<SealedState> states, long sealBytes, int tolerated) {
    Map<Integer, List<SealedRows>> tiers = new TreeMap<>();
    for (SealedState state : states) {
      long bytes = state.rows().values().byteSize();
      if (bytes * StorageSettings.MERGED_SEGMENTS <= sealBytes * StorageSettings.MAX_GROWTH) {
        tiers.computeIfAbsent(tier(bytes, sealBytes), _ -> new ArrayList<>()).add(state.rows());
      }
    }
    for (List<SealedRows> tier : tiers.values()) {
      if (tier.size() >= tolerated) {
        return tier.stream()
            .sorted(Comparator.comparingInt(SealedRows::count))
            .limit(StorageSettings.MERGED_SEGMENTS)
            .toList();
      }
    }
    return List.of();
  }

  /** 0 for up to twice a sealed log, and one more for each four times. */
  private static int tier(long bytes, long sealBytes) {
    int tier = 0;
    for (long limit = 2 * sealBytes; bytes > limit; limit *= StorageSettings.MERGED_SEGMENTS) {
      tier++;
    }
    return tier;
  }
}
