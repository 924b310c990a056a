package dev.likeness.embedder.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuiltInEncoderTest {

  @TempDir Path folder;
  private ModelStore store;

  @BeforeEach
  void open() {
    store = ModelStore.open(folder);
  }

  @Test
  void isPublishedOnce() {
    BuiltInEncoder.publishIfAbsent(store);
    BuiltInEncoder.publishIfAbsent(store);

    assertThat(store.list()).singleElement().matches(BuiltInEncoder::is);
  }

  @Test
  void takesOverFromTheUntrainedOneThatWasBuiltInBefore() {
    ModelPackage former = LikenessMini.publishTo(store, 20_260_101L);

    BuiltInEncoder.publishIfAbsent(store);

    assertThat(store.serving(BuiltInEncoder.NAME)).get().matches(BuiltInEncoder::is);
    assertThat(BuiltInEncoder.is(former)).isFalse();
    assertThat(store.list()).hasSize(2);
  }

  @Test
  void leavesAnotherEncoderOfItsNameAlone() {
    ModelPackage other = LikenessMini.publishTo(store, 1);

    BuiltInEncoder.publishIfAbsent(store);

    assertThat(store.list()).containsExactly(other);
  }
}
