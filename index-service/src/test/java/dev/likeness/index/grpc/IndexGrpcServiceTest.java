package dev.likeness.index.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import dev.likeness.index.v1.AliasChange;
import dev.likeness.index.v1.CheckCollectionRequest;
import dev.likeness.index.v1.CheckCollectionResponse;
import dev.likeness.index.v1.ChooseEngineRequest;
import dev.likeness.index.v1.Collection;
import dev.likeness.index.v1.CreateCollectionRequest;
import dev.likeness.index.v1.CreateSnapshotRequest;
import dev.likeness.index.v1.DeleteCollectionRequest;
import dev.likeness.index.v1.DeleteVectorsRequest;
import dev.likeness.index.v1.Engine;
import dev.likeness.index.v1.GetCollectionRequest;
import dev.likeness.index.v1.GetVectorsRequest;
import dev.likeness.index.v1.IndexServiceGrpc.IndexServiceBlockingStub;
import dev.likeness.index.v1.ListCollectionsRequest;
import dev.likeness.index.v1.MutinyIndexServiceGrpc.MutinyIndexServiceStub;
import dev.likeness.index.v1.Neighbor;
import dev.likeness.index.v1.PayloadValue;
import dev.likeness.index.v1.Query;
import dev.likeness.index.v1.QueryVector;
import dev.likeness.index.v1.RestoreSnapshotRequest;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.v1.SetAliasesRequest;
import dev.likeness.index.v1.Similarity;
import dev.likeness.index.v1.UpsertVectorsRequest;
import dev.likeness.index.v1.UpsertVectorsResponse;
import dev.likeness.index.v1.Vector;
import grpc.health.v1.HealthGrpc.HealthBlockingStub;
import grpc.health.v1.HealthOuterClass.HealthCheckRequest;
import grpc.health.v1.HealthOuterClass.HealthCheckResponse.ServingStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

@QuarkusTest
@TestProfile(IndexServiceProfile.class)
class IndexGrpcServiceTest {

  @GrpcClient("index")
  IndexServiceBlockingStub index;

  @GrpcClient("index")
  MutinyIndexServiceStub streaming;

  @GrpcClient("index")
  HealthBlockingStub health;

  @Inject MeterRegistry meters;

  private String name = "";

  @BeforeEach
  void createCollection(TestInfo test) {
    name = test.getTestMethod().orElseThrow().getName().toLowerCase(java.util.Locale.ROOT);
    index.createCollection(
        CreateCollectionRequest.newBuilder()
            .setName(name)
            .setDimension(2)
            .setSimilarity(Similarity.SIMILARITY_INNER_PRODUCT)
            .setFingerprint("encoder-1")
            .build());
  }

  @Test
  void writesSearchesReadsAndDeletes() {
    // When
    UpsertVectorsResponse written =
        upsert(
                batch(
                    vector("east", 1, 0).toBuilder()
                        .putPayload(
                            "path", PayloadValue.newBuilder().setStringValue("e.jpg").build())
                        .build(),
                    vector("north", 0, 1)))
            .getFirst();

    // Then
    assertThat(written.getUpsertedCount()).isEqualTo(2);
    List<Neighbor> neighbors = search(2, 5, 1);
    assertThat(neighbors).extracting(Neighbor::getId).containsExactly("east", "north");
    assertThat(neighbors).extracting(Neighbor::getScore).containsExactly(5f, 1f);
    assertThat(neighbors.getFirst().getPayloadOrThrow("path").getStringValue()).isEqualTo("e.jpg");

    var read =
        index.getVectors(
            GetVectorsRequest.newBuilder()
                .setCollection(name)
                .addIds("north")
                .addIds("unknown")
                .build());
    assertThat(read.getVectors(0)).isEqualTo(vector("north", 0, 1));
    assertThat(read.getMissingIdsList()).containsExactly("unknown");

    var deleted =
        index.deleteVectors(
            DeleteVectorsRequest.newBuilder()
                .setCollection(name)
                .addIds("east")
                .addIds("unknown")
                .build());
    assertThat(deleted.getDeletedCount()).isEqualTo(1);
    assertThat(search(2, 5, 1)).extracting(Neighbor::getId).containsExactly("north");
    assertThat(meters.get("likeness.index.log.force").timer().count()).isPositive();
    assertThat(meters.get("likeness.index.search").timer().count()).isPositive();
    assertThat(meters.get("likeness.index.vectors").gauge().value()).isPositive();
  }

  @Test
  void changesTheEngineOfACollectionAndSaysWhatAnswered() {
    // Given
    upsert(batch(vector("a", 1, 0)));
    assertThat(get().getChosenEngine()).isEqualTo(Engine.ENGINE_EXACT);
    assertThat(get().getTargetRecall()).isEqualTo(0.95);

    // When
    Collection chosen =
        index
            .chooseEngine(
                ChooseEngineRequest.newBuilder()
                    .setCollection(name)
                    .setEngine(Engine.ENGINE_GRAPH)
                    .setTargetRecall(0.9)
                    .build())
            .getCollection();

    // Then: so few vectors have no graph, and nothing is known of its recall
    assertThat(chosen.getChosenEngine()).isEqualTo(Engine.ENGINE_GRAPH);
    assertThat(chosen.getTargetRecall()).isEqualTo(0.9);
    assertThat(chosen.getEngine()).isEqualTo("exact");
    assertThat(chosen.hasMeasuredRecall()).isFalse();
    var answer =
        index.searchNeighbors(
            SearchNeighborsRequest.newBuilder()
                .setCollection(name)
                .addQueries(query(1, 0))
                .setK(1)
                .build());
    assertThat(answer.getEngine()).isEqualTo("exact");
  }

  @Test
  void refusesARecallThatIsNoShare() {
    var failure =
        failureOf(
            () ->
                index.chooseEngine(
                    ChooseEngineRequest.newBuilder()
                        .setCollection(name)
                        .setTargetRecall(95)
                        .build()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure.getMessage()).contains("target_recall").contains("95");
  }

  @Test
  void searchesFromAStoredVector() {
    upsert(batch(vector("a", 1, 0), vector("b", 0.5f, 0), vector("c", 0, 1)));
    var response =
        index.searchNeighbors(
            SearchNeighborsRequest.newBuilder()
                .setCollection(name)
                .setK(2)
                .addQueries(Query.newBuilder().setId("a"))
                .addQueries(query(0, 1))
                .build());
    assertThat(response.getResults(0).getNeighborsList())
        .extracting(Neighbor::getId)
        .containsExactly("b", "c");
    assertThat(response.getResults(1).getVisitedCount()).isEqualTo(3);
  }

  @Test
  void acknowledgesEachBatchInOrderWithOutcomes() throws InvalidProtocolBufferException {
    // Given: the collection is named in the first message only
    List<UpsertVectorsRequest> requests = new ArrayList<>();
    requests.add(batch(vector("a", 1, 0), vector("", 1, 0), vector("b", 1, Float.NaN)));
    for (int size = 1; size <= 40; size++) {
      var larger = UpsertVectorsRequest.newBuilder();
      for (int n = 0; n < size; n++) {
        larger.addVectors(vector("v" + n, n, size));
      }
      requests.add(larger.build());
    }

    // When
    List<UpsertVectorsResponse> responses = upsert(requests.toArray(UpsertVectorsRequest[]::new));

    // Then
    assertThat(responses).hasSize(41);
    assertThat(responses.subList(1, 41))
        .extracting(UpsertVectorsResponse::getUpsertedCount)
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 40).boxed().toList());
    assertThat(responses.getFirst().getUpsertedCount()).isEqualTo(1);
    assertThat(responses.getFirst().getFailuresList())
        .extracting(failure -> failure.getPosition())
        .containsExactly(1, 2);
    var error = responses.getFirst().getFailures(1).getError();
    assertThat(error.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
    assertThat(error.getMessage()).contains("value 1 is NaN");
    assertThat(error.getDetails(0).unpack(ErrorInfo.class).getReason()).isEqualTo("VECTOR_INVALID");
    assertThat(get().getVectorCount()).isEqualTo(41);
  }

  @Test
  void thrownFailureCarriesDetails() throws InvalidProtocolBufferException {
    var failure =
        failureOf(
            () ->
                index.searchNeighbors(
                    SearchNeighborsRequest.newBuilder()
                        .setCollection(name)
                        .setK(1)
                        .addQueries(query(1, 2, 3))
                        .build()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure.getStatus().getDescription())
        .isEqualTo("vector has 3 values, collection '%s' expects 2".formatted(name));
    var status = Objects.requireNonNull(StatusProto.fromThrowable(failure));
    assertThat(status.getDetails(0).unpack(ErrorInfo.class).getReason())
        .isEqualTo("DIMENSION_MISMATCH");
    assertThat(status.getDetails(0).unpack(ErrorInfo.class).getDomain()).isEqualTo("likeness.dev");
    assertThat(status.getDetails(1).unpack(BadRequest.class).getFieldViolations(0).getField())
        .isEqualTo("values");
  }

  @Test
  void failureOfTheFirstBatchCarriesDetails() {
    var request = batch(vector("a", 1, 0)).toBuilder().setFingerprint("encoder-2").build();
    var failure = failureOf(() -> upsert(request));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(reason(failure)).isEqualTo("FINGERPRINT_MISMATCH");
    assertThat(get().getVectorCount()).isZero();
  }

  @Test
  void failureInMidStreamCarriesDetailsAndKeepsWhatWasAcknowledged() {
    // Given
    var good = batch(vector("a", 1, 0));
    var bad = batch(vector("b", 1, 0)).toBuilder().setCollection("unknown").build();
    List<UpsertVectorsResponse> before = new ArrayList<>();

    // When
    var failure =
        failureOf(
            () ->
                streaming
                    .upsertVectors(Multi.createFrom().items(good, bad))
                    .onItem()
                    .invoke(before::add)
                    .collect()
                    .asList()
                    .await()
                    .indefinitely());

    // Then
    assertThat(before).hasSize(1);
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(reason(failure)).isEqualTo("COLLECTION_NOT_FOUND");
    assertThat(get().getVectorCount()).isEqualTo(1);
  }

  @Test
  void refusesToSearchWithAnotherEncoder() {
    var failure =
        failureOf(
            () ->
                index.searchNeighbors(
                    SearchNeighborsRequest.newBuilder()
                        .setCollection(name)
                        .setFingerprint("encoder-2")
                        .setK(1)
                        .addQueries(query(1, 2))
                        .build()));
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(reason(failure)).isEqualTo("FINGERPRINT_MISMATCH");
  }

  @Test
  void aliasesWorkWhereverACollectionIsNamed() {
    // Given
    String alias = name + ".alias";
    index.setAliases(
        SetAliasesRequest.newBuilder()
            .addChanges(AliasChange.newBuilder().setAlias(alias).setCollection(name))
            .build());

    // When
    upsert(batch(vector("a", 1, 0)).toBuilder().setCollection(alias).build());

    // Then
    var found = index.getCollection(GetCollectionRequest.newBuilder().setName(alias).build());
    assertThat(found.getCollection().getName()).isEqualTo(name);
    assertThat(found.getCollection().getVectorCount()).isEqualTo(1);
    assertThat(found.getCollection().getAliasesList()).containsExactly(alias);
    var refused =
        failureOf(
            () ->
                index.deleteCollection(DeleteCollectionRequest.newBuilder().setName(name).build()));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(reason(refused)).isEqualTo("COLLECTION_IN_USE");
    index.setAliases(
        SetAliasesRequest.newBuilder()
            .addChanges(AliasChange.newBuilder().setAlias(alias))
            .build());
    index.deleteCollection(DeleteCollectionRequest.newBuilder().setName(name).build());
    assertThat(reason(failureOf(this::get))).isEqualTo("COLLECTION_NOT_FOUND");
  }

  @Test
  void searchThatCannotEndInTimeIsGivenUp() {
    // Given
    List<Vector> vectors = IntStream.range(0, 10_000).mapToObj(i -> vector("v" + i, i, 1)).toList();
    upsert(UpsertVectorsRequest.newBuilder().setCollection(name).addAllVectors(vectors).build());
    var request = SearchNeighborsRequest.newBuilder().setCollection(name).setK(100);
    for (int i = 0; i < 10_000; i++) {
      request.addQueries(query(i, 1));
    }

    // When
    var failure =
        failureOf(
            () ->
                index
                    .withDeadlineAfter(20, TimeUnit.MILLISECONDS)
                    .searchNeighbors(request.build()));

    // Then
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(search(1, 1, 0)).hasSize(1);
  }

  @Test
  void listsCollectionsInPages() {
    for (String suffix : List.of("-1", "-2", "-3")) {
      index.createCollection(
          CreateCollectionRequest.newBuilder().setName(name + suffix).setDimension(3).build());
    }
    List<String> names = new ArrayList<>();
    String token = "";
    do {
      var page =
          index.listCollections(
              ListCollectionsRequest.newBuilder().setPageSize(2).setPageToken(token).build());
      assertThat(page.getCollectionsCount()).isLessThanOrEqualTo(2);
      page.getCollectionsList().forEach(collection -> names.add(collection.getName()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    assertThat(names).isSorted().contains(name, name + "-1", name + "-2", name + "-3");
  }

  @Test
  void checksAndRestoresSnapshots() {
    // Given
    upsert(batch(vector("a", 1, 0)));
    var made =
        index.createSnapshot(
            CreateSnapshotRequest.newBuilder().setCollection(name).setSnapshot(name).build());
    upsert(batch(vector("b", 1, 0)));

    // When
    Collection restored =
        index
            .restoreSnapshot(
                RestoreSnapshotRequest.newBuilder()
                    .setSnapshot(name)
                    .setCollection(name + "-restored")
                    .build())
            .getCollection();

    // Then
    assertThat(made.getVectorCount()).isEqualTo(1);
    assertThat(restored.getVectorCount()).isEqualTo(1);
    assertThat(restored.getFingerprint()).isEqualTo("encoder-1");
    CheckCollectionResponse check =
        index.checkCollection(CheckCollectionRequest.newBuilder().setCollection(name).build());
    assertThat(check.getPassed()).isTrue();
    assertThat(check.getAcknowledgedCount()).isEqualTo(2);
    assertThat(check.getReadableCount()).isEqualTo(2);
  }

  @Test
  void rejectsRequestsThatBreakARule() {
    assertThat(
            failureOf(
                    () ->
                        index.createCollection(
                            CreateCollectionRequest.newBuilder()
                                .setName("Not A Name")
                                .setDimension(2)
                                .build()))
                .getStatus()
                .getDescription())
        .startsWith("name: must be 1 to 128 of a-z");
    assertThat(
            failureOf(
                    () ->
                        index.searchNeighbors(
                            SearchNeighborsRequest.newBuilder()
                                .setCollection(name)
                                .addQueries(query(1, 1))
                                .build()))
                .getStatus()
                .getDescription())
        .isEqualTo("k: must be 1 to 10000, is 0");
  }

  @Test
  void isHealthy() {
    assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  private List<UpsertVectorsResponse> upsert(UpsertVectorsRequest... requests) {
    return streaming
        .upsertVectors(Multi.createFrom().items(requests))
        .collect()
        .asList()
        .await()
        .indefinitely();
  }

  private UpsertVectorsRequest batch(Vector... vectors) {
    return UpsertVectorsRequest.newBuilder()
        .setCollection(name)
        .setFingerprint("encoder-1")
        .addAllVectors(List.of(vectors))
        .build();
  }

  private List<Neighbor> search(int k, float... values) {
    return index
        .searchNeighbors(
            SearchNeighborsRequest.newBuilder()
                .setCollection(name)
                .setK(k)
                .addQueries(query(values))
                .build())
        .getResults(0)
        .getNeighborsList();
  }

  private Collection get() {
    return index
        .getCollection(GetCollectionRequest.newBuilder().setName(name).build())
        .getCollection();
  }

  private static Vector vector(String id, float... values) {
    Vector.Builder vector = Vector.newBuilder().setId(id);
    for (float value : values) {
      vector.addValues(value);
    }
    return vector.build();
  }

  private static Query query(float... values) {
    QueryVector.Builder vector = QueryVector.newBuilder();
    for (float value : values) {
      vector.addValues(value);
    }
    return Query.newBuilder().setVector(vector).build();
  }

  private static StatusRuntimeException failureOf(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return Objects.requireNonNull(catchThrowableOfType(StatusRuntimeException.class, call));
  }

  private static String reason(StatusRuntimeException failure) {
    try {
      return Objects.requireNonNull(StatusProto.fromThrowable(failure))
          .getDetails(0)
          .unpack(ErrorInfo.class)
          .getReason();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }
}
