package dev.likeness.index.opensearch;

import dev.likeness.index.collection.VectorStore;
import dev.likeness.index.collection.VectorStoreContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** The engine in a cluster, on a real node, comparing all vectors. */
class OpenSearchStoreContractTest extends VectorStoreContract {

  private static OpenSearchStore store;

  @BeforeAll
  static void open() {
    store = StoreFixture.open(SharedNode.urls(), "exact", false);
  }

  @AfterAll
  static void close() throws IOException {
    store.close();
  }

  @AfterEach
  void empty() {
    StoreFixture.clear(store);
  }

  @Override
  protected VectorStore store() {
    return store;
  }
}
