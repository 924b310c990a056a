package dev.likeness.index.collection;

import dev.likeness.index.rerank.Augmentation;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.storage.VectorLog;
import dev.likeness.index.vector.VectorChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The files of a collection that is made of another one.
 *
 * @param abandoned asked now and then; true ends it early
 */
record DerivedFiles(
    Collection source,
    Augmentation augmentation,
    BooleanSupplier abandoned,
    IndexResources resources) {

  void fill(CollectionFiles files) throws IOException {
    CollectionSettings settings = source.settings();
    files.createEmpty(new CollectionManifest(settings, "", resources.clock().instant()));
    SegmentStore store =
        SegmentStore.open(
            files.directory(), settings.dimension(), Long.MAX_VALUE, resources.files());
    try (VectorLog log = store.replay(batch -> {}).log();
        SearchableVectors vectors = source.pinUnitVectors("collection")) {
      augmentation.apply(vectors, abandoned, batch -> append(log, batch));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void append(VectorLog log, List<VectorChange> batch) {
    try {
      log.append(List.of(batch));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
