package dev.likeness.index.grpc;

import dev.likeness.index.collection.AliasChange;
import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.SnapshotDescription;
import dev.likeness.index.collection.VectorCollection;
import dev.likeness.index.collection.VectorStore;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.search.PartedSearch;
import dev.likeness.index.v1.CheckCollectionRequest;
import dev.likeness.index.v1.CheckCollectionResponse;
import dev.likeness.index.v1.ChooseEngineRequest;
import dev.likeness.index.v1.ChooseEngineResponse;
import dev.likeness.index.v1.CreateCollectionRequest;
import dev.likeness.index.v1.CreateCollectionResponse;
import dev.likeness.index.v1.CreateSnapshotRequest;
import dev.likeness.index.v1.CreateSnapshotResponse;
import dev.likeness.index.v1.DeleteCollectionRequest;
import dev.likeness.index.v1.DeleteCollectionResponse;
import dev.likeness.index.v1.DeleteVectorsRequest;
import dev.likeness.index.v1.DeleteVectorsResponse;
import dev.likeness.index.v1.DeriveCollectionRequest;
import dev.likeness.index.v1.DeriveCollectionResponse;
import dev.likeness.index.v1.GetCollectionRequest;
import dev.likeness.index.v1.GetCollectionResponse;
import dev.likeness.index.v1.GetVectorsRequest;
import dev.likeness.index.v1.GetVectorsResponse;
import dev.likeness.index.v1.IndexService;
import dev.likeness.index.v1.ListCollectionsRequest;
import dev.likeness.index.v1.ListCollectionsResponse;
import dev.likeness.index.v1.RestoreSnapshotRequest;
import dev.likeness.index.v1.RestoreSnapshotResponse;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.v1.SearchNeighborsResponse;
import dev.likeness.index.v1.SetAliasesRequest;
import dev.likeness.index.v1.SetAliasesResponse;
import dev.likeness.index.v1.StreamNeighborsRequest;
import dev.likeness.index.v1.StreamNeighborsResponse;
import dev.likeness.index.v1.UpsertVectorsRequest;
import dev.likeness.index.v1.UpsertVectorsResponse;
import dev.likeness.service.BlockingCall;
import dev.likeness.service.PageRequest;
import io.grpc.Context;
import io.micrometer.core.annotation.Timed;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Provider;
import java.util.List;
import java.util.concurrent.Executor;

/** The contract of {@code likeness.index.v1}: message to domain, call, domain to message. */
@GrpcService
public class IndexGrpcService implements IndexService {

  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_PAGE = 1000;
  private static final int MAX_ALIAS_CHANGES = 1000;

  private final Provider<VectorStore> store;
  private final NeighborSearch searches;
  private final Executor blocking = task -> Thread.ofVirtual().name("index-upsert").start(task);

  /**
   * Called by the container.
   *
   * @param store asked for at each call: the server comes up on an event loop, which must not be
   *     the thread that recovers the collections
   * @param meter told of every answer
   */
  public IndexGrpcService(Provider<VectorStore> store, SearchMeter meter) {
    this.store = store;
    this.searches = new NeighborSearch(store, meter);
  }

  @Override
  public Uni<CreateCollectionResponse> createCollection(CreateCollectionRequest request) {
    return BlockingCall.answer(
        () -> {
          var created =
              store
                  .get()
                  .create(
                      name("name", request.getName()),
                      IndexMessages.settings(request),
                      request.getRequestId());
          return CreateCollectionResponse.newBuilder()
              .setCollection(IndexMessages.collection(created))
              .build();
        });
  }

  @Override
  public Uni<GetCollectionResponse> getCollection(GetCollectionRequest request) {
    return BlockingCall.answer(
        () -> {
          var found = store.get().describe(name("name", request.getName()));
          return GetCollectionResponse.newBuilder()
              .setCollection(IndexMessages.collection(found))
              .build();
        });
  }

  @Override
  public Uni<ListCollectionsResponse> listCollections(ListCollectionsRequest request) {
    return BlockingCall.answer(
        () -> {
          var page =
              PageRequest.of(request.getPageSize(), request.getPageToken(), DEFAULT_PAGE, MAX_PAGE)
                  .cut(store.get().list(), description -> description.name().value());
          return ListCollectionsResponse.newBuilder()
              .addAllCollections(page.items().stream().map(IndexMessages::collection).toList())
              .setNextPageToken(page.nextPageToken())
              .build();
        });
  }

  @Override
  public Uni<DeriveCollectionResponse> deriveCollection(DeriveCollectionRequest request) {
    return BlockingCall.answer(
        () -> {
          Context call = Context.current();
          var derived =
              store
                  .get()
                  .derive(
                      name("collection", request.getCollection()),
                      name("name", request.getName()),
                      IndexMessages.augmentation(request),
                      call::isCancelled);
          return DeriveCollectionResponse.newBuilder()
              .setCollection(IndexMessages.collection(derived))
              .build();
        });
  }

  @Override
  public Uni<ChooseEngineResponse> chooseEngine(ChooseEngineRequest request) {
    return BlockingCall.answer(
        () -> {
          var chosen =
              store
                  .get()
                  .chooseEngine(
                      name("collection", request.getCollection()), EngineMessages.choice(request));
          return ChooseEngineResponse.newBuilder()
              .setCollection(IndexMessages.collection(chosen))
              .build();
        });
  }

  @Override
  public Uni<DeleteCollectionResponse> deleteCollection(DeleteCollectionRequest request) {
    return BlockingCall.answer(
        () -> {
          store.get().delete(name("name", request.getName()));
          return DeleteCollectionResponse.getDefaultInstance();
        });
  }

  @Override
  public Multi<UpsertVectorsResponse> upsertVectors(Multi<UpsertVectorsRequest> requests) {
    UpsertStream stream = new UpsertStream(store);
    return requests
        .onItem()
        .transformToUniAndConcatenate(
            request ->
                Uni.createFrom().item(() -> stream.write(request)).runSubscriptionOn(blocking));
  }

  @Override
  public Uni<DeleteVectorsResponse> deleteVectors(DeleteVectorsRequest request) {
    return BlockingCall.answer(
        () -> {
          int deleted =
              collection(request.getCollection()).delete(IndexMessages.ids(request.getIdsList()));
          return DeleteVectorsResponse.newBuilder().setDeletedCount(deleted).build();
        });
  }

  @Override
  public Uni<GetVectorsResponse> getVectors(GetVectorsRequest request) {
    return BlockingCall.answer(
        () -> {
          var found =
              collection(request.getCollection()).get(IndexMessages.ids(request.getIdsList()));
          return IndexMessages.vectors(request.getIdsList(), found, request.getOmitValues());
        });
  }

  @Override
  @Timed(value = "likeness.index.search", histogram = true, description = "Batches of queries")
  public Uni<SearchNeighborsResponse> searchNeighbors(SearchNeighborsRequest request) {
    return BlockingCall.answer(
        () -> {
          Context call = Context.current();
          return searches.answer(request, call::isCancelled);
        });
  }

  @Override
  public Multi<StreamNeighborsResponse> streamNeighbors(StreamNeighborsRequest request) {
    Context call = Context.current();
    return Multi.createFrom()
        .resource(
            () -> searches.begin(request.getSearch(), call::isCancelled),
            search ->
                Multi.createFrom()
                    .range(0, search.partCount())
                    .onItem()
                    .transformToUniAndConcatenate(
                        part ->
                            Uni.createFrom()
                                .item(() -> searches.part(search, part))
                                .runSubscriptionOn(blocking)))
        .withFinalizer(PartedSearch::close)
        .runSubscriptionOn(blocking);
  }

  @Override
  public Uni<SetAliasesResponse> setAliases(SetAliasesRequest request) {
    return BlockingCall.answer(
        () -> {
          if (request.getChangesCount() > MAX_ALIAS_CHANGES) {
            throw new InvalidRequestException(
                "changes",
                "must have at most %d entries, has %d"
                    .formatted(MAX_ALIAS_CHANGES, request.getChangesCount()));
          }
          List<AliasChange> changes =
              request.getChangesList().stream().map(IndexMessages::aliasChange).toList();
          store.get().setAliases(changes);
          return SetAliasesResponse.getDefaultInstance();
        });
  }

  @Override
  public Uni<CreateSnapshotResponse> createSnapshot(CreateSnapshotRequest request) {
    return BlockingCall.answer(
        () -> {
          SnapshotDescription snapshot =
              store
                  .get()
                  .createSnapshot(
                      name("collection", request.getCollection()),
                      name("snapshot", request.getSnapshot()));
          return CreateSnapshotResponse.newBuilder()
              .setVectorCount(snapshot.vectorCount())
              .setSizeBytes(snapshot.sizeBytes())
              .build();
        });
  }

  @Override
  public Uni<RestoreSnapshotResponse> restoreSnapshot(RestoreSnapshotRequest request) {
    return BlockingCall.answer(
        () -> {
          var restored =
              store
                  .get()
                  .restoreSnapshot(
                      name("snapshot", request.getSnapshot()),
                      name("collection", request.getCollection()));
          return RestoreSnapshotResponse.newBuilder()
              .setCollection(IndexMessages.collection(restored))
              .build();
        });
  }

  @Override
  public Uni<CheckCollectionResponse> checkCollection(CheckCollectionRequest request) {
    return BlockingCall.answer(
        () -> IndexMessages.check(collection(request.getCollection()).check()));
  }

  private VectorCollection collection(String nameOrAlias) {
    return store.get().get(name("collection", nameOrAlias));
  }

  private static CollectionName name(String field, String value) {
    return CollectionName.of(field, value);
  }
}
