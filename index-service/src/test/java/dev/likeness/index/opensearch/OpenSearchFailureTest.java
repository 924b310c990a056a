package dev.likeness.index.opensearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.CollectionSettings;
import dev.likeness.index.collection.UpsertBatch;
import dev.likeness.index.collection.VectorCollection;
import dev.likeness.index.collection.VectorInput;
import dev.likeness.index.error.CollectionDamagedException;
import dev.likeness.index.error.EngineUnavailableException;
import dev.likeness.index.error.EngineUnsupportedException;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What goes wrong beyond the contract: no cluster, clocks that disagree, foreign indices. */
class OpenSearchFailureTest {

  private static final CollectionName NAME = new CollectionName("c");
  private static final CollectionSettings SETTINGS =
      new CollectionSettings(2, Similarity.INNER_PRODUCT, "");

  @Test
  void saysThatTheClusterDoesNotAnswer() throws IOException {
    var settings =
        new OpenSearchSettings(
            List.of(URI.create("http://127.0.0.1:1")),
            Optional.of("user"),
            Optional.of("secret"),
            "failure",
            1,
            0,
            false,
            100,
            Duration.ofMillis(200));
    try (OpenSearchStore store = StoreFixture.open(settings, Clock.systemUTC())) {
      assertThatThrownBy(store::list)
          .isInstanceOf(EngineUnavailableException.class)
          .hasMessageStartingWith("could not list the collections: ")
          .hasMessageContaining("likeness.index.opensearch.url")
          .hasMessageNotContaining("secret")
          .hasMessageNotContaining("Exception");
      assertThatThrownBy(() -> store.create(NAME, SETTINGS, ""))
          .isInstanceOf(EngineUnavailableException.class);
      assertThat(settings.toString()).doesNotContain("secret");
    }
  }

  @Test
  void theLaterWriteWinsAlthoughItsClockIsBehind() throws IOException {
    OpenSearchSettings settings = StoreFixture.settings(SharedNode.urls(), "clocks", false);
    Clock ahead = Clock.offset(Clock.systemUTC(), Duration.ofHours(1));
    try (OpenSearchStore first = StoreFixture.open(settings, ahead);
        OpenSearchStore second = StoreFixture.open(settings, Clock.systemUTC())) {
      // Given
      first.create(NAME, SETTINGS, "");
      put(first.get(NAME), 1);
      put(first.get(NAME), 2);

      // When
      put(second.get(NAME), 3);
      float afterWrite = value(first.get(NAME));
      int deleted = second.get(NAME).delete(List.of(new VectorId("a")));

      // Then
      assertThat(afterWrite).isEqualTo(3);
      assertThat(deleted).isEqualTo(1);
      assertThat(first.get(NAME).get(List.of(new VectorId("a"))).getFirst()).isEmpty();
      StoreFixture.clear(first);
    }
  }

  @Test
  void reportsAnIndexThatIsNotItsOwn() throws IOException {
    OpenSearchSettings settings = StoreFixture.settings(SharedNode.urls(), "foreign", false);
    try (OpenSearchStore store = StoreFixture.open(settings, Clock.systemUTC());
        ClusterConnection cluster = new ClusterConnection(settings)) {
      cluster.send("PUT", "/foreign@stranger", Map.of(), Map.of());
      assertThatThrownBy(() -> store.get(new CollectionName("stranger")))
          .isInstanceOf(CollectionDamagedException.class);
      assertThat(store.list().getFirst().failureReason().orElseThrow())
          .contains("not one of this service");
      store.delete(new CollectionName("stranger"));
      assertThat(store.list()).isEmpty();
    }
  }

  @Test
  void saysWhatToUseInsteadOfSnapshots() throws IOException {
    try (OpenSearchStore store = StoreFixture.open(SharedNode.urls(), "snapshots", false)) {
      assertThatThrownBy(() -> store.createSnapshot(NAME, NAME))
          .isInstanceOf(EngineUnsupportedException.class)
          .hasMessageContaining("/_snapshot/");
    }
  }

  private static void put(VectorCollection collection, float value) {
    UpsertBatch batch = collection.newBatch();
    batch.add(() -> new VectorInput(new VectorId("a"), Payload.EMPTY, new float[] {value, 0}));
    assertThat(batch.commit().upsertedCount()).isEqualTo(1);
  }

  private static float value(VectorCollection collection) {
    return collection.get(List.of(new VectorId("a"))).getFirst().orElseThrow().values()[0];
  }
}
