package dev.likeness.index.collection;

import static dev.likeness.index.collection.CatalogFixture.SETTINGS;
import static dev.likeness.index.collection.CatalogFixture.id;
import static dev.likeness.index.collection.CatalogFixture.name;
import static dev.likeness.index.collection.CatalogFixture.nearest;
import static dev.likeness.index.collection.CatalogFixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.likeness.index.error.AliasNotFoundException;
import dev.likeness.index.error.CollectionExistsException;
import dev.likeness.index.error.CollectionInUseException;
import dev.likeness.index.error.CollectionNotFoundException;
import dev.likeness.index.error.DimensionMismatchException;
import dev.likeness.index.error.FingerprintMismatchException;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.error.InvalidVectorException;
import dev.likeness.index.error.VectorNotFoundException;
import dev.likeness.index.filter.Filter;
import dev.likeness.index.rerank.KReciprocal;
import dev.likeness.index.rerank.QueryExpansion;
import dev.likeness.index.rerank.Reranking;
import dev.likeness.index.search.Neighbor;
import dev.likeness.index.search.NeighborList;
import dev.likeness.index.search.Query;
import dev.likeness.index.search.SearchRequest;
import dev.likeness.index.search.SearchableVectors;
import dev.likeness.index.search.VectorIndex;
import dev.likeness.index.vector.FieldName;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.PayloadValue;
import dev.likeness.index.vector.PayloadValue.BooleanValue;
import dev.likeness.index.vector.PayloadValue.NumberValue;
import dev.likeness.index.vector.PayloadValue.TextValue;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What every engine of collections owes its callers. Each test begins with an empty store. */
public abstract class VectorStoreContract {

  /** Rounding of scores near 1 in float32, where an engine adds in another order. */
  private static final float TOLERANCE = 2e-6f;

  /** The store under test, without any collection. */
  protected abstract VectorStore store();

  @Test
  void answersWhatWasAcknowledged() {
    // Given
    VectorCollection collection = created("c", SETTINGS);

    // When
    put(collection, "a", 1, 0);
    put(collection, "b", 0, 1);
    put(collection, "a", 3, 0);

    // Then
    assertThat(nearest(collection, 5, 1, 0.5f)).containsExactly("a", "b");
    assertThat(values(collection, "a")).containsExactly(3, 0);
    assertThat(store().describe(name("c")).vectorCount()).isEqualTo(2);
    assertThat(store().describe(name("c")).settings()).contains(SETTINGS);
    assertThat(store().describe(name("c")).createTime()).isPresent();
    assertThat(store().list()).extracting(CollectionDescription::name).containsExactly(name("c"));
    assertThat(collection.check().problems()).isEmpty();
    assertThat(collection.check().readableCount()).isEqualTo(2);
  }

  @Test
  void deletedVectorsAreGone() {
    VectorCollection collection = created("c", SETTINGS);
    put(collection, "a", 1, 0);
    put(collection, "b", 0, 1);
    assertThat(collection.delete(List.of(id("a"), id("never")))).isEqualTo(1);
    assertThat(collection.delete(List.of(id("a")))).isZero();
    assertThat(collection.delete(List.of())).isZero();
    assertThat(nearest(collection, 5, 1, 0)).containsExactly("b");
    assertThat(collection.get(List.of(id("a"), id("b"))))
        .extracting(Optional::isPresent)
        .containsExactly(false, true);
    assertThat(store().describe(name("c")).vectorCount()).isEqualTo(1);
  }

  @Test
  void theLastOfEqualIdsWins() {
    VectorCollection collection = created("c", SETTINGS);
    UpsertBatch batch = collection.newBatch();
    for (int i = 1; i <= 5; i++) {
      float value = i;
      batch.add(() -> new VectorInput(id("a"), Payload.EMPTY, new float[] {value, 0}));
    }
    assertThat(batch.commit().upsertedCount()).isEqualTo(5);
    assertThat(values(collection, "a")).containsExactly(5, 0);
  }

  @Test
  void ordersEqualScoresById() {
    VectorCollection collection = created("c", SETTINGS);
    for (String id : List.of("d", "b", "\uD83D\uDE00", "e", "a", "\uFF5E", "c")) {
      put(collection, id, 1, 0);
    }
    assertThat(nearest(collection, 3, 1, 0)).containsExactly("a", "b", "c");
    assertThat(nearest(collection, 7, 1, 0))
        .containsExactly("a", "b", "c", "d", "e", "\uD83D\uDE00", "\uFF5E");
  }

  @Test
  void answersAsBruteForceDoes() {
    for (Similarity similarity : Similarity.values()) {
      for (float scale : new float[] {1, 1e-6f, 1e6f}) {
        // Given
        String label = "%s x %s".formatted(similarity, scale);
        Random random = new Random(31);
        String name = "c" + similarity.ordinal() + "-" + Float.floatToIntBits(scale);
        VectorCollection collection = created(name, new CollectionSettings(24, similarity, ""));
        Map<VectorId, float[]> vectors = new TreeMap<>();
        UpsertBatch batch = collection.newBatch();
        for (int i = 0; i < 300; i++) {
          float[] values = random(random, 24, scale);
          VectorId id = id("v" + i);
          vectors.put(id, similarity.prepare("values", values));
          batch.add(() -> new VectorInput(id, Payload.EMPTY, values));
        }
        batch.commit();
        List<Query> queries = new ArrayList<>();
        for (int q = 0; q < 7; q++) {
          queries.add(collection.query("query", random(random, 24, scale)));
        }

        // When
        var result =
            collection.search(queries, 10, Filter.EVERYTHING, Optional.empty(), () -> false);

        // Then
        float size = similarity == Similarity.COSINE ? 1 : 24 * scale * scale;
        for (int q = 0; q < queries.size(); q++) {
          float[] query = ((Query.OfValues) queries.get(q)).values();
          List<VectorId> expected =
              vectors.keySet().stream()
                  .sorted(Comparator.comparingDouble(id -> -dot(query, vectors.get(id))))
                  .limit(10)
                  .toList();
          NeighborList answer = result.answers().get(q);
          assertThat(answer.neighbors())
              .as(label)
              .extracting(Neighbor::id)
              .containsExactlyElementsOf(expected);
          for (Neighbor neighbor : answer.neighbors()) {
            assertThat(neighbor.score())
                .as(label)
                .isCloseTo(
                    (float) dot(query, vectors.get(neighbor.id())), within(TOLERANCE * size));
          }
        }
      }
    }
  }

  @Test
  void queryByIdLeavesTheVectorOut() {
    VectorCollection collection = created("c", SETTINGS);
    put(collection, "a", 1, 0);
    put(collection, "b", 2, 0);
    put(collection, "c", 3, 0);
    var answer =
        collection
            .search(
                List.of(new Query.OfStored(id("b"))),
                2,
                Filter.EVERYTHING,
                Optional.empty(),
                () -> false)
            .answers()
            .getFirst();
    assertThat(answer.neighbors()).extracting(Neighbor::id).containsExactly(id("c"), id("a"));
    assertThatThrownBy(
            () ->
                collection.search(
                    List.of(new Query.OfStored(id("never"))),
                    2,
                    Filter.EVERYTHING,
                    Optional.empty(),
                    () -> false))
        .isInstanceOf(VectorNotFoundException.class);
  }

  @Test
  void anEmptyCollectionAnswersNothing() {
    VectorCollection collection = created("c", SETTINGS);
    assertThat(nearest(collection, 5, 1, 0)).isEmpty();
    assertThat(collection.get(List.of(id("a")))).containsExactly(Optional.empty());
    assertThat(collection.newBatch().commit().upsertedCount()).isZero();
    assertThat(collection.check().passed()).isTrue();
  }

  @Test
  void payloadAndValuesComeBackAsTheyWere() {
    // Given
    VectorCollection collection = created("c", SETTINGS);
    Map<String, PayloadValue> fields = new TreeMap<>();
    fields.put("title", new TextValue("a \"quoted\" \\ title, 漢字 \uD83D\uDE00"));
    fields.put("empty", new TextValue(""));
    fields.put("price", new NumberValue(12.5));
    fields.put("tiny", new NumberValue(Double.MIN_VALUE));
    fields.put("huge", new NumberValue(-Double.MAX_VALUE));
    fields.put("sold", new BooleanValue(true));
    fields.put("a.b", new NumberValue(1));
    fields.put("a", new TextValue("beside a.b"));
    fields.put("_id", new TextValue("not an id"));
    fields.put("query\":{\"match_all\":{}}", new TextValue("../../_cluster/settings"));
    float[] values = {1e-38f, -3.4028e14f};

    // When
    UpsertBatch batch = collection.newBatch();
    batch.add(() -> new VectorInput(id("x"), Payload.of(fields), values));
    UpsertOutcome outcome = batch.commit();

    // Then
    assertThat(outcome.refused()).isEmpty();
    VectorChange.Put stored = collection.get(List.of(id("x"))).getFirst().orElseThrow();
    assertThat(stored.payload()).isEqualTo(Payload.of(fields));
    assertThat(stored.values()).containsExactly(values);
    assertThat(search(collection, 1, 1, 0).neighbors().getFirst().payload())
        .isEqualTo(Payload.of(fields));
  }

  @Test
  void aPayloadFieldMayChangeItsKind() {
    VectorCollection collection = created("c", SETTINGS);
    List<PayloadValue> kinds =
        List.of(
            new NumberValue(3),
            new TextValue("three"),
            new BooleanValue(true),
            new TextValue("2026-01-02"),
            new TextValue("not a date"));
    for (int i = 0; i < kinds.size(); i++) {
      Payload payload = Payload.of(Map.of("field", kinds.get(i)));
      String id = "v" + i;
      UpsertBatch batch = collection.newBatch();
      batch.add(() -> new VectorInput(id(id), payload, new float[] {1, 0}));
      assertThat(batch.commit().refused()).isEmpty();
      assertThat(collection.get(List.of(id(id))).getFirst().orElseThrow().payload())
          .isEqualTo(payload);
    }
  }

  @Test
  void idsAreOnlyIds() {
    // Given
    VectorCollection collection = created("c", SETTINGS);
    List<String> hostile =
        List.of(
            "../../etc/passwd",
            "a/b?routing=x#y",
            "%2e%2e%2f",
            "_all",
            "_search",
            "*",
            "\"}}\u00A0{\"delete\":{\"_index\":\"c\"}}",
            " leading and trailing ",
            "漢字 \uD83D\uDE00",
            "x".repeat(512));

    // When
    for (String id : hostile) {
      put(collection, id, 1, 0);
    }

    // Then
    assertThat(collection.get(hostile.stream().map(CatalogFixture::id).toList()))
        .allMatch(Optional::isPresent);
    assertThat(nearest(collection, 20, 1, 0))
        .containsExactlyElementsOf(hostile.stream().sorted().toList());
    assertThat(collection.delete(List.of(id("*"), id("_all")))).isEqualTo(2);
    assertThat(store().describe(name("c")).vectorCount()).isEqualTo(hostile.size() - 2);
  }

  @Test
  void filtersExactly() {
    // Given
    VectorCollection collection = created("c", SETTINGS);
    List<Payload> payloads =
        List.of(
            Payload.EMPTY,
            fields("size", new NumberValue(7)),
            fields("size", new NumberValue(-7.5)),
            fields("size", new NumberValue(-0.0)),
            fields("size", new NumberValue(1e300)),
            fields("size", new TextValue("7")),
            fields("size", new BooleanValue(true)),
            fields("size", new BooleanValue(false)),
            fields("size", new TextValue("")),
            fields("size", new TextValue("\uFF5E")),
            fields("size", new TextValue("\uD83D\uDE00")),
            fields("sizes", new NumberValue(7)),
            fields("siz", new NumberValue(7)),
            fields("a.b\":{*}", new TextValue("* OR 1=1")));
    UpsertBatch batch = collection.newBatch();
    for (int i = 0; i < payloads.size(); i++) {
      Payload payload = payloads.get(i);
      VectorId id = id("v" + i);
      batch.add(() -> new VectorInput(id, payload, new float[] {1, 0}));
    }
    batch.commit();
    FieldName size = new FieldName("size");
    FieldName hostile = new FieldName("a.b\":{*}");
    PayloadValue seven = new NumberValue(7);
    List<Filter> filters = new ArrayList<>();
    filters.add(Filter.EVERYTHING);
    filters.add(new Filter.Or(List.of()));
    filters.add(Filter.In.of(size, seven));
    filters.add(Filter.In.of(size, new NumberValue(0)));
    filters.add(
        new Filter.In(
            size, Set.of(new TextValue("7"), new BooleanValue(true), new NumberValue(-7.5))));
    filters.add(new Filter.In(size, Set.of()));
    filters.add(new Filter.Exists(size));
    filters.add(new Filter.Exists(hostile));
    filters.add(Filter.In.of(hostile, new TextValue("* OR 1=1")));
    filters.add(Filter.In.of(hostile, new TextValue("*")));
    for (PayloadValue bound :
        List.of(
            seven,
            new NumberValue(0),
            new NumberValue(-8),
            new TextValue(""),
            new TextValue("\uD83D\uDE00"),
            new BooleanValue(true))) {
      for (boolean inclusive : new boolean[] {true, false}) {
        filters.add(new Filter.Range(size, new Filter.Range.Bound(bound, inclusive), null));
        filters.add(new Filter.Range(size, null, new Filter.Range.Bound(bound, inclusive)));
      }
    }
    filters.add(
        new Filter.Range(
            size,
            new Filter.Range.Bound(new NumberValue(-7.5), true),
            new Filter.Range.Bound(seven, false)));
    List<Filter> simple = List.copyOf(filters);
    simple.forEach(filter -> filters.add(new Filter.Not(filter)));
    filters.add(new Filter.And(List.of(new Filter.Exists(size), new Filter.Not(simple.get(2)))));
    filters.add(new Filter.Or(List.of(simple.get(2), simple.get(3))));

    for (Filter filter : filters) {
      // When
      var result =
          collection.search(
              List.of(collection.query("query", new float[] {1, 0})),
              100,
              filter,
              Optional.empty(),
              () -> false);

      // Then
      List<VectorId> expected = new ArrayList<>();
      for (int i = 0; i < payloads.size(); i++) {
        if (filter.allows(payloads.get(i))) {
          expected.add(id("v" + i));
        }
      }
      assertThat(result.answers().getFirst().neighbors())
          .as(filter.toString())
          .extracting(Neighbor::id)
          .containsExactlyElementsOf(expected.stream().sorted().toList());
      assertThat(result.matchingCount()).as(filter.toString()).isEqualTo(expected.size());
    }
  }

  @Test
  void ranksAgainAsItsDefinitionDoes() {
    // Given
    Random random = new Random(5);
    VectorCollection collection = created("c", new CollectionSettings(8, Similarity.COSINE, ""));
    UpsertBatch batch = collection.newBatch();
    List<VectorChange> puts = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      VectorId id = id("v" + i);
      float[] values = random(random, 8, 1);
      Payload payload = fields("even", new BooleanValue(i % 2 == 0));
      puts.add(new VectorChange.Put(id, payload, Similarity.COSINE.prepare("values", values)));
      batch.add(() -> new VectorInput(id, payload, values));
    }
    batch.commit();
    List<Query> queries =
        List.of(
            collection.query("query", random(random, 8, 1)),
            new Query.OfStored(id("v3")),
            new Query.OfStored(id("v4")));
    Filter even = Filter.In.of(new FieldName("even"), new BooleanValue(true));
    for (Reranking reranking : List.of(QueryExpansion.DEFAULT, KReciprocal.DEFAULT)) {
      for (Filter filter : List.of(Filter.EVERYTHING, even)) {
        try (VectorIndex index = CatalogFixture.index(8);
            SearchableVectors pinned = pinned(index, puts, filter)) {
          List<NeighborList> expected =
              reranking
                  .search(
                      pinned,
                      new SearchRequest(queries, 7, filter, () -> false),
                      () -> CatalogFixture.index(8))
                  .answers();

          // When
          List<NeighborList> actual =
              collection.search(queries, 7, filter, Optional.of(reranking), () -> false).answers();

          // Then
          for (int q = 0; q < queries.size(); q++) {
            List<Neighbor> wanted = expected.get(q).neighbors();
            List<Neighbor> got = actual.get(q).neighbors();
            assertThat(got)
                .extracting(Neighbor::id)
                .containsExactlyElementsOf(wanted.stream().map(Neighbor::id).toList());
            for (int i = 0; i < wanted.size(); i++) {
              assertThat(got.get(i).score()).isCloseTo(wanted.get(i).score(), within(1e-5f));
            }
          }
        }
      }
    }
  }

  private static SearchableVectors pinned(
      VectorIndex index, List<VectorChange> puts, Filter filter) {
    index.reserve(puts.size());
    index.apply(puts);
    return index.pin(filter);
  }

  private static Payload fields(String name, PayloadValue value) {
    return Payload.of(Map.of(name, value));
  }

  @Test
  void boundsBatches() {
    VectorCollection collection = created("c", SETTINGS);
    List<VectorId> ids = new ArrayList<>();
    for (int i = 0; i <= VectorCollection.MAX_BATCH; i++) {
      ids.add(id("v" + i));
    }
    assertThatThrownBy(() -> collection.get(ids)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> collection.delete(ids)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> nearest(collection, 0, 1, 0))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> nearest(collection, 1, 1, 0, 0))
        .isInstanceOf(DimensionMismatchException.class);
  }

  @Test
  void answersAnEqualCollectionAgainAndRefusesADifferentOne() {
    var first = store().create(name("shoes"), SETTINGS, "request-1");
    assertThat(store().create(name("shoes"), SETTINGS, "request-1")).isEqualTo(first);
    var other = new CollectionSettings(3, Similarity.INNER_PRODUCT, "encoder-1");
    assertThatThrownBy(() -> store().create(name("shoes"), other, "request-2"))
        .isInstanceOf(CollectionExistsException.class)
        .hasMessageContaining("it has dimension 2, not 3");
  }

  @Test
  void changesSeveralAliasesTogetherOrNone() {
    // Given
    store().create(name("old"), SETTINGS, "");
    store().create(name("new"), SETTINGS, "");
    store().setAliases(List.of(new AliasChange.Point(name("live"), name("old"))));

    // When
    assertThatThrownBy(
            () ->
                store()
                    .setAliases(
                        List.of(
                            new AliasChange.Point(name("live"), name("new")),
                            new AliasChange.Remove(name("unknown")))))
        .isInstanceOf(AliasNotFoundException.class);
    CollectionName afterRefusal = store().get(name("live")).name();
    store()
        .setAliases(
            List.of(
                new AliasChange.Point(name("live"), name("new")),
                new AliasChange.Point(name("previous"), name("old"))));

    // Then
    assertThat(afterRefusal).isEqualTo(name("old"));
    assertThat(store().get(name("live")).name()).isEqualTo(name("new"));
    assertThat(store().get(name("previous")).name()).isEqualTo(name("old"));
  }

  @Test
  void namesAreEitherCollectionsOrAliases() {
    store().create(name("a"), SETTINGS, "");
    store().setAliases(List.of(new AliasChange.Point(name("b"), name("a"))));
    assertThatThrownBy(() -> store().create(name("b"), SETTINGS, ""))
        .isInstanceOf(CollectionExistsException.class)
        .hasMessageContaining("it is an alias of 'a'");
    assertThatThrownBy(
            () -> store().setAliases(List.of(new AliasChange.Point(name("a"), name("a")))))
        .isInstanceOf(CollectionExistsException.class);
    assertThatThrownBy(
            () -> store().setAliases(List.of(new AliasChange.Point(name("c"), name("b")))))
        .isInstanceOf(CollectionNotFoundException.class);
  }

  @Test
  void deletesACollectionOnlyWithoutAliases() {
    // Given
    store().create(name("a"), SETTINGS, "");
    VectorCollection collection = store().get(name("a"));
    put(collection, "x", 1, 0);
    store().setAliases(List.of(new AliasChange.Point(name("b"), name("a"))));

    // When
    assertThatThrownBy(() -> store().delete(name("a")))
        .isInstanceOf(CollectionInUseException.class)
        .hasMessageContaining("target of alias b");
    store().setAliases(List.of(new AliasChange.Remove(name("b"))));
    store().delete(name("a"));

    // Then
    assertThatThrownBy(() -> store().get(name("a")))
        .isInstanceOf(CollectionNotFoundException.class);
    assertThatThrownBy(() -> put(collection, "x", 1, 0))
        .isInstanceOf(CollectionNotFoundException.class);
    store().create(name("a"), SETTINGS, "");
    assertThat(store().describe(name("a")).vectorCount()).isZero();
  }

  @Test
  void checksFingerprintsWhenBothAreGiven() {
    store().create(name("a"), SETTINGS, "");
    VectorCollection collection = store().get(name("a"));
    collection.requireFingerprint("");
    collection.requireFingerprint("encoder-1");
    assertThatThrownBy(() -> collection.requireFingerprint("encoder-2"))
        .isInstanceOf(FingerprintMismatchException.class)
        .hasMessageContaining("made by encoder 'encoder-2'")
        .hasMessageContaining("holds vectors of encoder 'encoder-1'");
  }

  @Test
  void refusesSingleVectorsAndWritesTheOthers() {
    // Given
    VectorCollection collection = created("c", SETTINGS);
    UpsertBatch batch = collection.newBatch();
    batch.add(() -> new VectorInput(id("good"), Payload.EMPTY, new float[] {1, 2}));
    batch.add(() -> new VectorInput(id("long"), Payload.EMPTY, new float[3]));
    batch.add(() -> new VectorInput(id("nan"), Payload.EMPTY, new float[] {1, Float.NaN}));
    batch.add(() -> new VectorInput(id("also good"), Payload.EMPTY, new float[] {2, 1}));

    // When
    UpsertOutcome outcome = batch.commit();

    // Then
    assertThat(outcome.upsertedCount()).isEqualTo(2);
    assertThat(outcome.refused())
        .satisfiesExactly(
            first -> {
              assertThat(first.position()).isEqualTo(1);
              assertThat(first.reason())
                  .isInstanceOf(DimensionMismatchException.class)
                  .hasMessage("vector has 3 values, collection 'c' expects 2");
            },
            second -> {
              assertThat(second.position()).isEqualTo(2);
              assertThat(second.reason()).isInstanceOf(InvalidVectorException.class);
            });
    assertThat(nearest(collection, 9, 0, 1)).containsExactly("good", "also good");
  }

  @Test
  void cosineComparesDirectionsOnly() {
    VectorCollection collection = created("c", new CollectionSettings(2, Similarity.COSINE, ""));
    put(collection, "east", 100, 0);
    put(collection, "northeast", 0.001f, 0.001f);
    assertThat(nearest(collection, 2, 3, 2.9f)).containsExactly("northeast", "east");
    assertThat(collection.get(List.of(id("east"))).getFirst().orElseThrow().values())
        .containsExactly(1, 0);
  }

  protected VectorCollection created(String name, CollectionSettings settings) {
    store().create(name(name), settings, "");
    return store().get(name(name));
  }

  private static NeighborList search(VectorCollection collection, int k, float... query) {
    return collection
        .search(
            List.of(collection.query("query", query)),
            k,
            Filter.EVERYTHING,
            Optional.empty(),
            () -> false)
        .answers()
        .getFirst();
  }

  private static float[] values(VectorCollection collection, String id) {
    return collection.get(List.of(id(id))).getFirst().orElseThrow().values();
  }

  private static float[] random(Random random, int dimension, float scale) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian() * scale;
    }
    return values;
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (double) a[i] * b[i];
    }
    return sum;
  }
}
