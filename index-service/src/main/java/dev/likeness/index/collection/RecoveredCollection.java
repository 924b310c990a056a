package dev.likeness.index.collection;

import dev.likeness.index.error.IndexException;
import dev.likeness.index.search.SealableIndex;
import dev.likeness.index.storage.LogDamagedException;
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.storage.VectorLog;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * A collection as its files gave it back, before anything is done to them.
 *
 * @param parts its segments, whose values are not verified yet
 * @param isMostlyDead whether its log is long and holds little that is alive
 */
record RecoveredCollection(
    ServingCollection serving, List<SegmentStore.Part> parts, boolean isMostlyDead) {

  /** Smaller logs are not worth sealing before they are full. */
  private static final long MIN_SEAL_BYTES = 1 << 20;

  RecoveredCollection {
    parts = List.copyOf(parts);
  }

  /**
   * @throws IOException if the files are damaged, or the disk refuses
   * @throws IndexException if there is no memory for what they hold
   */
  static RecoveredCollection read(
      CollectionName name,
      CollectionFiles files,
      CollectionSettings settings,
      IndexResources resources)
      throws IOException {
    EngineChoice engine = EngineChoice.read(files.directory(), files.files());
    SegmentStore store =
        SegmentStore.open(
            files.directory(),
            settings.dimension(),
            resources.storage().spareBytes(),
            files.files());
    SealableIndex index = resources.newIndex(settings.dimension());
    try {
      List<SegmentStore.Part> parts = store.parts();
      parts.forEach(part -> index.attach(part.segment(), part.deleted()));
      VectorLog.Opened opened = store.replay(index::apply);
      var serving =
          new ServingCollection(name, settings, store, opened.log(), index, engine, resources);
      boolean isMostlyDead =
          opened.log().length() >= MIN_SEAL_BYTES
              && opened.contents().operationCount() > 2L * index.size();
      return new RecoveredCollection(serving, parts, isMostlyDead);
    } catch (IOException | IndexException e) {
      index.close();
      throw e;
    }
  }

  /**
   * Verifies the values of the segments, and keeps the files in order from now on.
   *
   * @param damageFound is told of damage, now or later
   */
  void startUpkeep(Consumer<LogDamagedException> damageFound) {
    serving.writes().upkeep().start(parts, isMostlyDead, damageFound);
  }
}
