package dev.likeness.index.search;

import dev.likeness.index.vector.VectorChange;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The ids of a batch that is staged, and which of them sealed rows have, or rows that are being
 * sealed. Looking through those takes most of the time that an id takes, so it is done while the
 * batch becomes durable. Guarded by the lock of {@link RowTable}.
 */
final class StagedIds {

  private static final int NONE = -1;

  private final List<VectorChange> batch;
  private final byte[][] ids;
  private final long[] hashes;

  /** The row that each id has in {@link #seen}, by its ordinal. */
  private final int[] older;

  private RowSnapshot seen = RowSnapshot.empty();

  StagedIds(List<VectorChange> batch) {
    this.batch = batch;
    ids = new byte[batch.size()][];
    hashes = new long[ids.length];
    older = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = batch.get(i).id().toBytes();
      hashes[i] = IdHash.of(ids[i]);
    }
  }

  /**
   * Looks for older rows. No others can come to have these ids before the batch is entered.
   *
   * @return as {@link SealedRows#touch}
   */
  int findOlder(IdLookup lookup, RowSnapshot now) {
    int touched = lookup.touch(hashes, now);
    for (int i = 0; i < ids.length; i++) {
      older[i] = lookup.findOlder(ids[i], hashes[i], now).orElse(NONE);
    }
    seen = now;
    return touched;
  }

  /**
   * Lets the ids of the puts lead to the rows of this batch.
   *
   * @param position of the first row
   * @return the live rows that had these ids, or those of deletes, by their ordinals
   */
  Set<Integer> enter(IdLookup lookup, int position, RowSnapshot now) {
    if (!now.hasSealedRowsOf(seen)) {
      findOlder(lookup, now);
    }
    Set<Integer> former = new HashSet<>();
    int next = position;
    for (int i = 0; i < ids.length; i++) {
      OptionalInt written =
          batch.get(i) instanceof VectorChange.Put
              ? lookup.put(ids[i], hashes[i], next++, now)
              : lookup.findWritten(ids[i], hashes[i], now);
      if (written.isPresent()) {
        former.add(written.getAsInt());
      } else if (older[i] != NONE && !now.isDeleted(older[i])) {
        former.add(older[i]);
      }
    }
    return former;
  }
}
