package dev.likeness.index.grpc;

import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.UpsertBatch;
import dev.likeness.index.collection.VectorCollection;
import dev.likeness.index.collection.VectorStore;
import dev.likeness.index.v1.UpsertVectorsRequest;
import dev.likeness.index.v1.UpsertVectorsResponse;
import dev.likeness.index.v1.Vector;
import jakarta.inject.Provider;

/**
 * One caller's stream of batches. Later messages inherit collection and fingerprint of earlier
 * ones. Batches come one after the other, never at the same time.
 */
final class UpsertStream {

  private final Provider<VectorStore> store;
  private String collectionName = "";
  private String fingerprint = "";

  UpsertStream(Provider<VectorStore> store) {
    this.store = store;
  }

  /** Returns when the vectors of the message are on disk and visible. */
  UpsertVectorsResponse write(UpsertVectorsRequest request) {
    if (!request.getCollection().isEmpty()) {
      collectionName = request.getCollection();
    }
    if (!request.getFingerprint().isEmpty()) {
      fingerprint = request.getFingerprint();
    }
    VectorCollection collection = store.get().get(CollectionName.of("collection", collectionName));
    collection.requireFingerprint(fingerprint);
    UpsertBatch batch = collection.newBatch();
    for (Vector vector : request.getVectorsList()) {
      batch.add(() -> IndexMessages.input(vector));
    }
    return IndexMessages.upserted(batch.commit(), request.getVectorsList());
  }
}
