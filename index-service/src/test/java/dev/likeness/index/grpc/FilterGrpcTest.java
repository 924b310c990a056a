package dev.likeness.index.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.likeness.index.v1.CreateCollectionRequest;
import dev.likeness.index.v1.DeriveCollectionRequest;
import dev.likeness.index.v1.FieldEquals;
import dev.likeness.index.v1.FieldIn;
import dev.likeness.index.v1.FieldRange;
import dev.likeness.index.v1.Filter;
import dev.likeness.index.v1.FilterList;
import dev.likeness.index.v1.IndexServiceGrpc.IndexServiceBlockingStub;
import dev.likeness.index.v1.KReciprocal;
import dev.likeness.index.v1.MutinyIndexServiceGrpc.MutinyIndexServiceStub;
import dev.likeness.index.v1.Neighbor;
import dev.likeness.index.v1.NeighborList;
import dev.likeness.index.v1.PayloadValue;
import dev.likeness.index.v1.Query;
import dev.likeness.index.v1.QueryExpansion;
import dev.likeness.index.v1.QueryVector;
import dev.likeness.index.v1.Reranking;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.v1.SearchNeighborsResponse;
import dev.likeness.index.v1.StreamNeighborsRequest;
import dev.likeness.index.v1.UpsertVectorsRequest;
import dev.likeness.index.v1.Vector;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Multi;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Ten vectors in a quarter of a circle; number n is an even or an odd one. */
@QuarkusTest
@TestProfile(IndexServiceProfile.class)
class FilterGrpcTest {

  @GrpcClient("index")
  IndexServiceBlockingStub index;

  @GrpcClient("index")
  MutinyIndexServiceStub streaming;

  private String name = "";

  @BeforeEach
  void createCollection(TestInfo test) {
    name = "filter-" + test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    index.createCollection(
        CreateCollectionRequest.newBuilder().setName(name).setDimension(2).build());
    var batch = UpsertVectorsRequest.newBuilder().setCollection(name);
    for (int n = 0; n < 10; n++) {
      batch.addVectors(
          Vector.newBuilder()
              .setId("v" + n)
              .addValues((float) Math.cos(Math.toRadians(9 * n)))
              .addValues((float) Math.sin(Math.toRadians(9 * n)))
              .putPayload("number", number(n))
              .putPayload("parity", text(n % 2 == 0 ? "even" : "odd"))
              .putPayload("big", PayloadValue.newBuilder().setBoolValue(n > 4).build()));
    }
    streaming
        .upsertVectors(Multi.createFrom().item(batch.build()))
        .collect()
        .asList()
        .await()
        .indefinitely();
  }

  @Test
  void answersAndCountsOnlyWhatTheFilterAllows() {
    SearchNeighborsResponse odd = search(equal("parity", text("odd")), 3);
    assertThat(ids(odd)).containsExactly("v1", "v3", "v5");
    assertThat(odd.getMatchingCount()).isEqualTo(5);
    Filter small =
        Filter.newBuilder()
            .setRange(FieldRange.newBuilder().setField("number").setLessThan(number(4)))
            .build();
    Filter notSmall = Filter.newBuilder().setNot(small).build();
    assertThat(ids(search(notSmall, 2))).containsExactly("v4", "v5");
    Filter both =
        Filter.newBuilder()
            .setAnd(
                FilterList.newBuilder()
                    .addFilters(notSmall)
                    .addFilters(equal("parity", text("even"))))
            .build();
    assertThat(ids(search(both, 9))).containsExactly("v4", "v6", "v8");
    Filter some =
        Filter.newBuilder()
            .setIn(
                FieldIn.newBuilder().setField("number").addValues(number(9)).addValues(text("1")))
            .build();
    assertThat(ids(search(some, 9))).containsExactly("v9");
    Filter either =
        Filter.newBuilder()
            .setOr(FilterList.newBuilder().addFilters(some).addFilters(small))
            .build();
    assertThat(search(either, 1).getMatchingCount()).isEqualTo(5);
    Filter absent = Filter.newBuilder().setExists("color").build();
    assertThat(search(absent, 3).getMatchingCount()).isZero();
    assertThat(search(Filter.newBuilder().setNot(absent).build(), 3).getMatchingCount())
        .isEqualTo(10);
  }

  @Test
  void worksWithEveryReranking() {
    Filter big = equal("big", PayloadValue.newBuilder().setBoolValue(true).build());
    for (Reranking reranking :
        List.of(
            Reranking.newBuilder()
                .setKReciprocal(KReciprocal.newBuilder().setK1(2).setK2(1))
                .build(),
            Reranking.newBuilder()
                .setQueryExpansion(QueryExpansion.newBuilder().setN(2))
                .build())) {
      SearchNeighborsResponse response =
          index.searchNeighbors(request(big, 9).setReranking(reranking).build());
      assertThat(ids(response)).containsExactlyInAnyOrder("v5", "v6", "v7", "v8", "v9");
      assertThat(response.getMatchingCount()).isEqualTo(5);
      var fromStored =
          request(big, 9)
              .clearQueries()
              .addQueries(Query.newBuilder().setId("v0"))
              .setReranking(reranking);
      assertThat(ids(index.searchNeighbors(fromStored.build()))).hasSize(5);
    }
  }

  @Test
  void hostileFiltersAreRefused() {
    Filter deep = Filter.newBuilder().setExists("a").build();
    for (int i = 0; i < 40; i++) {
      deep = Filter.newBuilder().setNot(deep).build();
    }
    assertThat(refusal(deep)).startsWith("filter: may be nested at most 16 deep");
    var many = FilterList.newBuilder();
    for (int i = 0; i < 2000; i++) {
      many.addFilters(Filter.newBuilder().setExists("a"));
    }
    assertThat(refusal(Filter.newBuilder().setOr(many).build()))
        .startsWith("filter: may have at most 1000 conditions");
    assertThat(refusal(Filter.getDefaultInstance())).startsWith("filter: must have a condition");
    assertThat(refusal(equal("", number(1)))).startsWith("filter: must have 1 to 64 bytes");
    assertThat(refusal(equal("a", PayloadValue.getDefaultInstance())))
        .isEqualTo("filter: field 'a' has no value");
    assertThat(refusal(equal("a", number(Double.NaN)))).contains("must be finite");
    assertThat(refusal(Filter.newBuilder().setRange(FieldRange.newBuilder().setField("a")).build()))
        .contains("has no bound");
  }

  @Test
  void derivesACollection() {
    var derived =
        index
            .deriveCollection(
                DeriveCollectionRequest.newBuilder()
                    .setCollection(name)
                    .setName(name + "-derived")
                    .setN(2)
                    .build())
            .getCollection();
    assertThat(derived.getVectorCount()).isEqualTo(10);
    var request = request(Filter.newBuilder().setExists("number").build(), 2);
    assertThat(ids(index.searchNeighbors(request.setCollection(name + "-derived").build())))
        .containsExactly("v0", "v1");
  }

  @Test
  void streamsTheAnswersThatOneCallWouldGive() {
    var search = request(equal("parity", text("odd")), 4);
    for (int i = 0; i < 2500; i++) {
      double angle = Math.toRadians(i * 90.0 / 2500);
      search.addQueries(
          Query.newBuilder()
              .setVector(
                  QueryVector.newBuilder()
                      .addValues((float) Math.cos(angle))
                      .addValues((float) Math.sin(angle))));
    }
    search.addQueries(Query.newBuilder().setId("v1"));
    SearchNeighborsResponse whole = index.searchNeighbors(search.build());
    List<NeighborList> parts = new ArrayList<>();
    index
        .streamNeighbors(StreamNeighborsRequest.newBuilder().setSearch(search).build())
        .forEachRemaining(
            part -> {
              assertThat(part.getFirstQuery()).isEqualTo(parts.size());
              assertThat(part.getMatchingCount()).isEqualTo(5);
              parts.addAll(part.getResultsList());
            });
    assertThat(parts).hasSize(2502);
    for (int q = 0; q < parts.size(); q++) {
      assertThat(parts.get(q).getNeighborsList()).isEqualTo(whole.getResults(q).getNeighborsList());
    }
  }

  @Test
  void explainsWhatCannotBeStreamed() {
    var search = request(Filter.newBuilder().setExists("number").build(), 10_000);
    var failure =
        Objects.requireNonNull(
            catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                    index
                        .streamNeighbors(
                            StreamNeighborsRequest.newBuilder().setSearch(search).build())
                        .next()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure.getStatus().getDescription()).isEqualTo("k: must be 1 to 9999, is 10000");
  }

  private SearchNeighborsResponse search(Filter filter, int k) {
    return index.searchNeighbors(request(filter, k).build());
  }

  private SearchNeighborsRequest.Builder request(Filter filter, int k) {
    return SearchNeighborsRequest.newBuilder()
        .setCollection(name)
        .setK(k)
        .setFilter(filter)
        .addQueries(
            Query.newBuilder().setVector(QueryVector.newBuilder().addValues(1).addValues(0)));
  }

  private String refusal(Filter filter) {
    var failure =
        Objects.requireNonNull(
            catchThrowableOfType(StatusRuntimeException.class, () -> search(filter, 1)));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    return String.valueOf(failure.getStatus().getDescription());
  }

  private static List<String> ids(SearchNeighborsResponse response) {
    return response.getResults(0).getNeighborsList().stream().map(Neighbor::getId).toList();
  }

  private static Filter equal(String field, PayloadValue value) {
    return Filter.newBuilder()
        .setEquals(FieldEquals.newBuilder().setField(field).setValue(value))
        .build();
  }

  private static PayloadValue number(double value) {
    return PayloadValue.newBuilder().setNumberValue(value).build();
  }

  private static PayloadValue text(String value) {
    return PayloadValue.newBuilder().setStringValue(value).build();
  }
}
