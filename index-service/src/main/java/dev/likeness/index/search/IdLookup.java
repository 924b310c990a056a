package dev.likeness.index.search;

import java.util.OptionalInt;

/**
 * Finds live rows by their ids. Those of written rows are in a table, those of rows that are being
 * sealed in a second one, which is dropped as a whole when they are; sealed rows bring their own
 * tables along. What is deleted stays in the tables: the published rows say what is alive.
 *
 * <p>Guarded by the lock of {@link RowTable}.
 */
final class IdLookup {

  private final WrittenRows rows;

  /** Positions in {@link #rows}. */
  private IdTable written = new IdTable();

  /** The same of the rows that are being sealed; an id of {@link #written} goes before it. */
  private IdTable sealing = new IdTable();

  /** Of rows that have no ids yet. */
  IdLookup(WrittenRows rows) {
    this.rows = rows;
  }

  /**
   * @param rows of different ids, all alive
   */
  static IdLookup of(WrittenRows rows) {
    IdLookup lookup = new IdLookup(rows);
    int end = rows.nextPosition();
    for (int position = end - rows.count(); position != end; position++) {
      lookup.written.put(IdHash.of(rows.id(position)), position, at -> false);
    }
    return lookup;
  }

  /**
   * The live row with this id; within a batch also one that the batch has deleted.
   *
   * @param hash of the id by {@link IdHash}
   * @param now the published rows
   * @return its ordinal
   */
  OptionalInt find(byte[] id, long hash, RowSnapshot now) {
    OptionalInt found = findWritten(id, hash, now);
    return found.isEmpty() ? findOlder(id, hash, now) : found;
  }

  /** As {@link #find}, among those that are not being sealed. */
  OptionalInt findWritten(byte[] id, long hash, RowSnapshot now) {
    return alive(written.find(hash, position -> rows.hasId(position, id)), now);
  }

  /** As {@link #find}, among those that are sealed or being sealed. */
  OptionalInt findOlder(byte[] id, long hash, RowSnapshot now) {
    OptionalInt found = alive(sealing.find(hash, position -> rows.hasId(position, id)), now);
    return found.isEmpty() ? now.sealedRow(id, hash) : found;
  }

  /** As {@link SealedRows#touch}. */
  int touch(long[] hashes, RowSnapshot now) {
    int sum = written.touch(hashes) + sealing.touch(hashes);
    for (RowChunk chunk : now.sealedChunks()) {
      SealedRows sealed = chunk.sealed();
      sum += sealed == null ? 0 : sealed.touch(hashes);
    }
    return sum;
  }

  private OptionalInt alive(OptionalInt position, RowSnapshot now) {
    if (position.isEmpty()) {
      return position;
    }
    int ordinal = now.sealedRowCount() + rows.rowAt(position.getAsInt());
    boolean deleted = ordinal < now.rowCount() && now.isDeleted(ordinal);
    return deleted ? OptionalInt.empty() : OptionalInt.of(ordinal);
  }

  /**
   * In place of an earlier row with the same id.
   *
   * @return that row, as {@link #findWritten}
   */
  OptionalInt put(byte[] id, long hash, int position, RowSnapshot now) {
    return alive(written.put(hash, position, at -> rows.hasId(at, id)), now);
  }

  /** All rows are being sealed from now on. */
  void freeze() {
    sealing = // usually there is nothing yet; what a failed sealing left is tried again
        sealing.followedBy(written, (position, other) -> rows.hasId(position, rows.id(other)));
    written = new IdTable();
  }

  /** The rows that were being sealed have left. */
  void removeFrozen() {
    sealing = new IdTable();
  }
}
