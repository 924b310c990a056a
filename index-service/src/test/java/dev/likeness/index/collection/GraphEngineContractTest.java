package dev.likeness.index.collection;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The engine on the disk of this machine, where every new collection is searched by graph. */
class GraphEngineContractTest extends VectorStoreContract {

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

  @Override
  protected VectorCollection created(String name, CollectionSettings settings) {
    VectorCollection created = super.created(name, settings);
    catalog.chooseEngine(CatalogFixture.name(name), new EngineChoice(Engine.GRAPH, 0.9));
    return created;
  }
}
