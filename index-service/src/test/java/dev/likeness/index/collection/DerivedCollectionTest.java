package dev.likeness.index.collection;

import static dev.likeness.index.collection.CatalogFixture.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.index.error.CollectionExistsException;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.error.SearchAbandonedException;
import dev.likeness.index.rerank.Augmentation;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue.NumberValue;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DerivedCollectionTest {

  private static final int COUNT = 700;
  private static final int DIMENSION = 12;
  private static final CollectionSettings SETTINGS =
      new CollectionSettings(DIMENSION, Similarity.COSINE, "encoder-1");

  @TempDir private Path root;

  @Test
  void movesEveryVectorTowardsItsNeighborsAsBruteForceDoes() throws IOException {
    // Given
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      fill(catalog);

      // When
      CollectionDescription derived =
          catalog.derive(name("c"), name("d"), new Augmentation(5, 3), () -> false);

      // Then
      assertThat(derived.vectorCount()).isEqualTo(COUNT);
      assertThat(derived.settings()).contains(SETTINGS);
      List<VectorChange.Put> before = all(catalog.get(name("c")));
      List<VectorChange.Put> after = all(catalog.get(name("d")));
      for (int i = 0; i < COUNT; i++) {
        double[] expected = augmented(before, i, 5, 3);
        assertThat(after.get(i).payload()).isEqualTo(before.get(i).payload());
        for (int d = 0; d < DIMENSION; d++) {
          assertThat((double) after.get(i).values()[d]).isCloseTo(expected[d], within(1e-5));
        }
      }
      assertThat(catalog.get(name("d")).check().problems()).isEmpty();
    }
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      assertThat(catalog.get(name("d")).vectorCount()).isEqualTo(COUNT);
    }
  }

  @Test
  void leavesNothingWhenItIsAbandoned() throws IOException {
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      fill(catalog);
      assertThatThrownBy(
              () -> catalog.derive(name("c"), name("d"), Augmentation.DEFAULT, () -> true))
          .isInstanceOf(SearchAbandonedException.class);
      assertThat(catalog.list()).hasSize(1);
      assertThat(root.resolve("collections")).isDirectoryNotContaining("glob:**/*d");
      catalog.create(name("d"), SETTINGS, "");
    }
  }

  @Test
  void refusesWhatMakesNoSense() throws IOException {
    try (CollectionCatalog catalog = CatalogFixture.open(root)) {
      fill(catalog);
      catalog.create(name("plain"), CatalogFixture.SETTINGS, "");
      assertThatThrownBy(
              () -> catalog.derive(name("plain"), name("d"), Augmentation.DEFAULT, () -> false))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("needs a collection of cosine similarity");
      assertThatThrownBy(
              () -> catalog.derive(name("c"), name("c"), Augmentation.DEFAULT, () -> false))
          .isInstanceOf(CollectionExistsException.class);
      assertThatThrownBy(() -> new Augmentation(0, 3)).hasMessageContaining("must be 1 to 100");
    }
  }

  private static void fill(CollectionCatalog catalog) {
    Random random = new Random(4);
    catalog.create(name("c"), SETTINGS, "");
    UpsertBatch batch = catalog.get(name("c")).newBatch();
    for (int i = 0; i < COUNT; i++) {
      float[] values = new float[DIMENSION];
      for (int d = 0; d < DIMENSION; d++) {
        values[d] = (float) random.nextGaussian();
      }
      VectorId id = id(i);
      Payload payload = Payload.of(Map.of("number", new NumberValue(i)));
      batch.add(() -> new VectorInput(id, payload, values));
    }
    batch.commit();
  }

  private static List<VectorChange.Put> all(Collection collection) {
    List<VectorId> ids = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      ids.add(id(i));
    }
    return collection.get(ids).stream().flatMap(Optional::stream).toList();
  }

  private static double[] augmented(List<VectorChange.Put> all, int of, int n, double alpha) {
    float[] x = all.get(of).values();
    List<VectorChange.Put> others = new ArrayList<>(all);
    others.remove(of);
    others.sort(Comparator.comparingDouble(put -> -dot(x, put.values())));
    double[] sum = new double[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      sum[d] = x[d];
      for (VectorChange.Put other : others.subList(0, n)) {
        sum[d] += Math.pow(Math.max(0, dot(x, other.values())), alpha) * other.values()[d];
      }
    }
    double length = 0;
    for (double value : sum) {
      length += value * value;
    }
    for (int d = 0; d < DIMENSION; d++) {
      sum[d] /= Math.sqrt(length);
    }
    return sum;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }

  private static VectorId id(int i) {
    return new VectorId("v%04d".formatted(i));
  }
}
