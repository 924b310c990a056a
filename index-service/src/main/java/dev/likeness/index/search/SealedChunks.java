package dev.likeness.index.search;

import dev.likeness.index.graph.CodedRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sealed rows among the published ones, and what they get after they were attached: codes and
 * graphs. All of it is done to a held snapshot, so that the rows stay meanwhile. Takes no lock.
 */
final class SealedChunks {

  private final PublishedRows published;

  SealedChunks(PublishedRows published) {
    this.published = published;
  }

  /** As {@link SealableIndex#encode}. */
  void encode(SealedRows sealed) {
    RowSnapshot rows = published.hold();
    try {
      RowChunk chunk = rows.sealedChunk(sealed);
      if (chunk != null) {
        chunk.encode();
      }
    } finally {
      rows.letGo();
    }
  }

  /** As {@link SealableIndex#holdCodes}. */
  Optional<HeldCodes> holdCodes(SealedRows sealed) {
    RowSnapshot rows = published.hold();
    RowChunk chunk = rows.sealedChunk(sealed);
    CodedRows coded = chunk == null ? null : chunk.codedRows();
    if (coded != null) {
      return Optional.of(new HeldChunk(rows, coded));
    }
    rows.letGo();
    return Optional.empty();
  }

  private record HeldChunk(RowSnapshot snapshot, CodedRows rows) implements HeldCodes {
    @Override
    public void close() {
      snapshot.letGo();
    }
  }

  /** As {@link SealableIndex#hasGraph}. */
  boolean hasGraph(SealedRows sealed) {
    RowChunk chunk = published.current().sealedChunk(sealed);
    return chunk != null && chunk.graph() != null;
  }

  /**
   * As {@link SealableIndex#attach(SealedRows, SealedGraph)}. Rows that are replaced meanwhile take
   * the graph along, and close it with them.
   */
  boolean attach(SealedRows sealed, SealedGraph graph) {
    RowSnapshot rows = published.hold();
    try {
      RowChunk chunk = rows.sealedChunk(sealed);
      if (chunk != null) {
        chunk.attach(graph);
      }
      return chunk != null;
    } finally {
      rows.letGo();
    }
  }

  /** As {@link SealableIndex#freezeSealed}. */
  FrozenRows freeze(List<SealedRows> sealed) {
    RowSnapshot rows = published.hold();
    List<RowChunk> chunks =
        rows.sealedChunks().stream().filter(chunk -> sealed.contains(chunk.sealed())).toList();
    return new FrozenSnapshot(rows, chunks, false);
  }

  /** As {@link SealableIndex#sealed}. */
  List<SealableIndex.SealedState> states() {
    RowSnapshot rows = published.current();
    List<SealableIndex.SealedState> states = new ArrayList<>();
    for (RowChunk chunk : rows.sealedChunks()) {
      SealedRows sealed = chunk.sealed();
      if (sealed != null) {
        int deletedCount = rows.deletedIn(states.size()).cardinality();
        states.add(new SealableIndex.SealedState(sealed, deletedCount));
      }
    }
    return states;
  }
}
