package dev.likeness.index.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.error.StorageFailureException;
import dev.likeness.index.search.SealableIndex;
import dev.likeness.index.storage.FileOperations;
import dev.likeness.index.storage.SegmentStore;
import dev.likeness.index.storage.VectorLog;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {

  private static final CollectionName NAME = new CollectionName("c");

  private final FileOperations files = new FileOperations();
  private int replaced;

  @Test
  void nothingIsSealedAgainOnceTheIndexCouldNotFollowTheFiles(@TempDir Path folder)
      throws IOException {
    // Given
    IndexResources resources = CatalogFixture.resources(files, 1 << 24, 1);
    SegmentStore.create(folder, files, 2);
    SegmentStore store = SegmentStore.open(folder, 2, Long.MAX_VALUE, files);
    VectorLog log = store.replay(batch -> {}).log();
    SealableIndex index = unableToReplace(resources.newIndex(2));
    EngineChoice engine = EngineChoice.read(folder, files);
    var writes = new CollectionWrites(NAME, store, log, index, resources, engine);
    writes.commit(List.of(put("a")));
    assertThat(replaced).isOne();

    // When
    writes.upkeep().stop();
    writes.upkeep().resume();
    writes.upkeep().afterWrite();

    // Then
    assertThat(replaced).isOne();
    assertThatThrownBy(() -> writes.commit(List.of(put("b"))))
        .isInstanceOf(StorageFailureException.class)
        .hasMessageContaining("sealed rows could not be put in place (no memory)");
    writes.close();
  }

  private SealableIndex unableToReplace(SealableIndex index) {
    Class<?>[] types = {SealableIndex.class};
    return (SealableIndex)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            types,
            (_, method, arguments) -> {
              if (method.getName().equals("replace")) {
                replaced++;
                throw new IllegalStateException("no memory");
              }
              try {
                return method.invoke(index, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static VectorChange put(String id) {
    return new VectorChange.Put(new VectorId(id), Payload.EMPTY, new float[] {1, 2});
  }
}
