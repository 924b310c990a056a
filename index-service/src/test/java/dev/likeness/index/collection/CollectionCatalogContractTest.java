package dev.likeness.index.collection;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The engine on the disk of this machine. */
class CollectionCatalogContractTest extends VectorStoreContract {

  @TempDir private Path root;
  private CollectionCatalog catalog;

  @BeforeEach
  void open() throws IOException {
    catalog = CatalogFixture.open(root);
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
  }

  @Override
  protected VectorStore store() {
    return catalog;
  }
}
