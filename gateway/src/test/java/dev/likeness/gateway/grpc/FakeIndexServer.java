package dev.likeness.gateway.grpc;

import dev.likeness.gateway.attribute.Attributes;
import dev.likeness.gateway.filter.Filter;
import dev.likeness.gateway.peer.Calls;
import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.FakeIndex;
import dev.likeness.gateway.peer.FoundImages;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.run.Rerank;
import dev.likeness.index.v1.Collection;
import dev.likeness.index.v1.CreateCollectionRequest;
import dev.likeness.index.v1.CreateCollectionResponse;
import dev.likeness.index.v1.DeleteCollectionRequest;
import dev.likeness.index.v1.DeleteCollectionResponse;
import dev.likeness.index.v1.GetCollectionRequest;
import dev.likeness.index.v1.GetCollectionResponse;
import dev.likeness.index.v1.GetVectorsRequest;
import dev.likeness.index.v1.GetVectorsResponse;
import dev.likeness.index.v1.IndexServiceGrpc;
import dev.likeness.index.v1.Neighbor;
import dev.likeness.index.v1.NeighborList;
import dev.likeness.index.v1.Query;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.v1.SearchNeighborsResponse;
import dev.likeness.index.v1.SetAliasesRequest;
import dev.likeness.index.v1.SetAliasesResponse;
import dev.likeness.index.v1.UpsertVectorsRequest;
import dev.likeness.index.v1.UpsertVectorsResponse;
import dev.likeness.index.v1.Vector;
import dev.likeness.service.ServiceFailure;
import io.grpc.Status.Code;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The index's contract in memory. It keeps its vectors when the server is stopped and started. */
final class FakeIndexServer extends IndexServiceGrpc.IndexServiceImplBase {

  private final FakeIndex index = new FakeIndex(new Calls());

  private synchronized <T> void answer(StreamObserver<T> observer, Supplier<T> work) {
    try {
      observer.onNext(work.get());
      observer.onCompleted();
    } catch (PeerException.Refused e) {
      observer.onError(
          ServiceFailure.of(Code.NOT_FOUND, e.reason(), String.valueOf(e.getMessage()))
              .toException());
    }
  }

  @Override
  public void getCollection(
      GetCollectionRequest request, StreamObserver<GetCollectionResponse> observer) {
    answer(
        observer,
        () -> {
          IndexPeer.Collection found =
              index
                  .collection(request.getName())
                  .orElseThrow(
                      () ->
                          new PeerException.Refused(
                              dev.likeness.gateway.peer.PeerName.INDEX,
                              "COLLECTION_NOT_FOUND",
                              "there is no collection '" + request.getName() + "'",
                              null));
          return GetCollectionResponse.newBuilder()
              .setCollection(
                  Collection.newBuilder()
                      .setName(found.name())
                      .setDimension(found.dimension())
                      .setFingerprint(found.fingerprint())
                      .setVectorCount(found.vectors()))
              .build();
        });
  }

  @Override
  public void createCollection(
      CreateCollectionRequest request, StreamObserver<CreateCollectionResponse> observer) {
    answer(
        observer,
        () -> {
          index.createCollection(
              request.getName(), request.getDimension(), request.getFingerprint());
          return CreateCollectionResponse.getDefaultInstance();
        });
  }

  @Override
  public void deleteCollection(
      DeleteCollectionRequest request, StreamObserver<DeleteCollectionResponse> observer) {
    answer(
        observer,
        () -> {
          index.deleteCollection(request.getName());
          return DeleteCollectionResponse.getDefaultInstance();
        });
  }

  @Override
  public void setAliases(SetAliasesRequest request, StreamObserver<SetAliasesResponse> observer) {
    answer(
        observer,
        () -> {
          request
              .getChangesList()
              .forEach(change -> index.setAlias(change.getAlias(), change.getCollection()));
          return SetAliasesResponse.getDefaultInstance();
        });
  }

  @Override
  public StreamObserver<UpsertVectorsRequest> upsertVectors(
      StreamObserver<UpsertVectorsResponse> observer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(UpsertVectorsRequest request) {
        observer.onNext(upsert(request));
      }

      @Override
      public void onError(Throwable cause) {
        // the gateway went away
      }

      @Override
      public void onCompleted() {
        observer.onCompleted();
      }
    };
  }

  private synchronized UpsertVectorsResponse upsert(UpsertVectorsRequest request) {
    LinkedHashMap<String, Embedding> vectors = new LinkedHashMap<>();
    Map<String, Attributes> attributes = new LinkedHashMap<>();
    for (Vector vector : request.getVectorsList()) {
      vectors.put(vector.getId(), Embedding.of(vector.getValuesList()));
      attributes.put(vector.getId(), AttributeMessages.attributes(vector.getPayloadMap()));
    }
    index.upsert(request.getCollection(), request.getFingerprint(), vectors, attributes);
    return UpsertVectorsResponse.newBuilder().setUpsertedCount(vectors.size()).build();
  }

  @Override
  public void getVectors(GetVectorsRequest request, StreamObserver<GetVectorsResponse> observer) {
    answer(
        observer,
        () -> {
          GetVectorsResponse.Builder response = GetVectorsResponse.newBuilder();
          Map<String, Attributes> attributes =
              index.attributes(request.getCollection(), request.getIdsList());
          index
              .vectors(request.getCollection(), request.getIdsList())
              .forEach(
                  (id, vector) -> {
                    Vector.Builder message =
                        Vector.newBuilder()
                            .setId(id)
                            .putAllPayload(AttributeMessages.messages(attributes.get(id)));
                    if (!request.getOmitValues()) {
                      message.addValues(vector.get(0)).addValues(vector.get(1));
                    }
                    response.addVectors(message);
                  });
          return response.build();
        });
  }

  private List<List<IndexPeer.Neighbor>> reranked(SearchNeighborsRequest request) {
    return index.searchReranked(
        request.getCollection(),
        request.getFingerprint(),
        request.getQueriesList().stream()
            .map(query -> Embedding.of(query.getVector().getValuesList()))
            .toList(),
        request.getK(),
        request.getReranking().hasKReciprocal() ? Rerank.K_RECIPROCAL : Rerank.QUERY_EXPANSION);
  }

  @Override
  public void searchNeighbors(
      SearchNeighborsRequest request, StreamObserver<SearchNeighborsResponse> observer) {
    answer(
        observer,
        () -> {
          SearchNeighborsResponse.Builder response = SearchNeighborsResponse.newBuilder();
          if (request.hasReranking()) {
            reranked(request).forEach(neighbors -> response.addResults(list(neighbors)));
            return response.build();
          }
          for (Query query : request.getQueriesList()) {
            FoundImages found = found(request, query);
            response.addResults(list(found)).setMatchingCount(found.matchingCount());
          }
          return response.build();
        });
  }

  private FoundImages found(SearchNeighborsRequest request, Query query) {
    Filter filter = request.hasFilter() ? FilterMessages.filter(request.getFilter()) : null;
    return query.hasVector()
        ? index.find(
            request.getCollection(),
            request.getFingerprint(),
            Embedding.of(query.getVector().getValuesList()),
            request.getK(),
            filter)
        : index.findById(request.getCollection(), query.getId(), request.getK(), filter);
  }

  private static NeighborList list(FoundImages found) {
    NeighborList.Builder list = NeighborList.newBuilder();
    for (FoundImages.FoundImage image : found.images()) {
      list.addNeighborsBuilder()
          .setId(image.id())
          .setScore(image.score())
          .putAllPayload(AttributeMessages.messages(image.attributes()));
    }
    return list.build();
  }

  private static NeighborList list(List<IndexPeer.Neighbor> neighbors) {
    NeighborList.Builder list = NeighborList.newBuilder();
    neighbors.forEach(
        neighbor ->
            list.addNeighbors(
                Neighbor.newBuilder().setId(neighbor.id()).setScore(neighbor.score())));
    return list.build();
  }
}
