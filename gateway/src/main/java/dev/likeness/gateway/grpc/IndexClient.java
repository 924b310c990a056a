package dev.likeness.gateway.grpc;

import dev.likeness.gateway.attribute.Attributes;
import dev.likeness.gateway.filter.Filter;
import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.FoundImages;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.PeerException;
import dev.likeness.gateway.peer.PeerName;
import dev.likeness.gateway.peer.PeerSightings;
import dev.likeness.gateway.peer.SearchEngine;
import dev.likeness.gateway.run.Rerank;
import dev.likeness.index.v1.AliasChange;
import dev.likeness.index.v1.ChooseEngineRequest;
import dev.likeness.index.v1.CreateCollectionRequest;
import dev.likeness.index.v1.DeleteCollectionRequest;
import dev.likeness.index.v1.GetCollectionRequest;
import dev.likeness.index.v1.GetVectorsRequest;
import dev.likeness.index.v1.GetVectorsResponse;
import dev.likeness.index.v1.IndexServiceGrpc;
import dev.likeness.index.v1.IndexServiceGrpc.IndexServiceBlockingStub;
import dev.likeness.index.v1.Query;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.v1.SetAliasesRequest;
import dev.likeness.index.v1.Similarity;
import dev.likeness.index.v1.UpsertVectorsRequest;
import dev.likeness.index.v1.UpsertVectorsResponse;
import dev.likeness.index.v1.Vector;
import dev.likeness.index.v1.VectorFailure;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The index over gRPC. Safe for use by many threads. */
public final class IndexClient implements IndexPeer {

  /** The largest k-reciprocal search compares 20,000 vectors with each other. */
  private static final Duration RERANKING_TIME = Duration.ofMinutes(10);

  private final PeerChannel channel;
  private final PeerChannel patientChannel;
  private final IndexServiceBlockingStub stub;

  /**
   * @param deadline of one call
   */
  public IndexClient(Channel channel, Duration deadline, PeerSightings sightings) {
    this.channel = new PeerChannel(PeerName.INDEX, channel, deadline, sightings);
    this.patientChannel = new PeerChannel(PeerName.INDEX, channel, RERANKING_TIME, sightings);
    this.stub = IndexServiceGrpc.newBlockingStub(channel);
  }

  @Override
  public Optional<Collection> collection(String name) {
    return find(name).map(IndexPeerMessages::collection);
  }

  private Optional<dev.likeness.index.v1.Collection> find(String name) {
    GetCollectionRequest request = GetCollectionRequest.newBuilder().setName(name).build();
    try {
      return Optional.of(channel.call(stub, timed -> timed.getCollection(request)).getCollection());
    } catch (PeerException.Refused e) {
      if (e.reason().equals("COLLECTION_NOT_FOUND")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void createCollection(String name, int dimension, String fingerprint) {
    CreateCollectionRequest request =
        CreateCollectionRequest.newBuilder()
            .setName(name)
            .setDimension(dimension)
            .setSimilarity(Similarity.SIMILARITY_COSINE)
            .setFingerprint(fingerprint)
            .setRequestId(name + "/" + fingerprint)
            .build();
    try {
      var _ = channel.call(stub, timed -> timed.createCollection(request));
    } catch (PeerException.Refused e) {
      boolean equal =
          e.reason().equals("COLLECTION_EXISTS")
              && collection(name).filter(c -> c.fingerprint().equals(fingerprint)).isPresent();
      if (!equal) {
        throw e;
      }
    }
  }

  @Override
  public Optional<SearchEngine> engine(String name) {
    return find(name).map(IndexPeerMessages::engine);
  }

  @Override
  public SearchEngine chooseEngine(String name, String chosen, @Nullable Double targetRecall) {
    ChooseEngineRequest.Builder request =
        ChooseEngineRequest.newBuilder()
            .setCollection(name)
            .setEngine(IndexPeerMessages.engine(chosen));
    if (targetRecall != null) {
      request.setTargetRecall(targetRecall);
    }
    return IndexPeerMessages.engine(
        channel.call(stub, timed -> timed.chooseEngine(request.build())).getCollection());
  }

  @Override
  public void setAlias(String alias, String collection) {
    var _ =
        channel.call(
            stub,
            timed ->
                timed.setAliases(
                    SetAliasesRequest.newBuilder()
                        .addChanges(
                            AliasChange.newBuilder().setAlias(alias).setCollection(collection))
                        .build()));
  }

  @Override
  public void removeAlias(String alias) {
    try {
      setAlias(alias, "");
    } catch (PeerException.Refused e) {
      if (!e.reason().equals("ALIAS_NOT_FOUND")) {
        throw e;
      }
    }
  }

  @Override
  public void deleteCollection(String name) {
    DeleteCollectionRequest request = DeleteCollectionRequest.newBuilder().setName(name).build();
    try {
      var _ = channel.call(stub, timed -> timed.deleteCollection(request));
    } catch (PeerException.Refused e) {
      if (!e.reason().equals("COLLECTION_NOT_FOUND")) {
        throw e;
      }
    }
  }

  @Override
  public Map<String, String> upsert(
      String collection,
      String fingerprint,
      SequencedMap<String, Embedding> vectors,
      Map<String, Attributes> attributes) {
    UpsertVectorsRequest.Builder request =
        UpsertVectorsRequest.newBuilder().setCollection(collection).setFingerprint(fingerprint);
    vectors.forEach(
        (id, vector) ->
            request.addVectors(
                IndexPeerMessages.vector(
                    id, vector, attributes.getOrDefault(id, Attributes.NONE))));
    Map<String, String> refused = new LinkedHashMap<>();
    for (VectorFailure failure : acknowledged(request.build()).getFailuresList()) {
      if (!PeerFailures.reason(failure.getError()).equals("VECTOR_INVALID")
          && failure.getError().getCode() != Status.Code.INVALID_ARGUMENT.value()) {
        throw PeerFailures.of(PeerName.INDEX, failure.getError());
      }
      refused.put(failure.getId(), failure.getError().getMessage());
    }
    return refused;
  }

  private UpsertVectorsResponse acknowledged(UpsertVectorsRequest request) {
    StreamReplies<UpsertVectorsRequest, UpsertVectorsResponse> replies = new StreamReplies<>();
    StreamObserver<UpsertVectorsRequest> requests =
        IndexServiceGrpc.newStub(channel.channel()).upsertVectors(replies);
    try {
      requests.onNext(request);
      requests.onCompleted();
      return switch (replies.next(channel.deadline())) {
        case StreamReplies.Event.Reply<UpsertVectorsResponse>(var value) -> {
          channel.seen();
          replies.finish();
          yield value;
        }
        case StreamReplies.Event.Failed<UpsertVectorsResponse>(var cause) ->
            throw channel.failure(cause);
        case StreamReplies.Event.Completed<UpsertVectorsResponse> _ ->
            throw channel.failure(Status.UNAVAILABLE.asRuntimeException());
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw channel.failure(Status.CANCELLED.asRuntimeException());
    } finally {
      replies.cancel();
    }
  }

  @Override
  public Set<String> existing(String collection, List<String> ids) {
    Set<String> existing = new HashSet<>();
    read(collection, ids, true).getVectorsList().forEach(vector -> existing.add(vector.getId()));
    return existing;
  }

  @Override
  public Map<String, Attributes> attributes(String collection, List<String> ids) {
    Map<String, Attributes> attributes = new HashMap<>();
    for (Vector vector : read(collection, ids, true).getVectorsList()) {
      attributes.put(vector.getId(), AttributeMessages.attributes(vector.getPayloadMap()));
    }
    return attributes;
  }

  @Override
  public SequencedMap<String, Embedding> vectors(String collection, List<String> ids) {
    SequencedMap<String, Embedding> vectors = new LinkedHashMap<>();
    for (Vector vector : read(collection, ids, false).getVectorsList()) {
      vectors.put(vector.getId(), Embedding.of(vector.getValuesList()));
    }
    return vectors;
  }

  private GetVectorsResponse read(String collection, List<String> ids, boolean omitValues) {
    GetVectorsRequest request =
        GetVectorsRequest.newBuilder()
            .setCollection(collection)
            .addAllIds(ids)
            .setOmitValues(omitValues)
            .build();
    return channel.call(stub, timed -> timed.getVectors(request));
  }

  @Override
  public List<List<Neighbor>> search(
      String collection, String fingerprint, List<Embedding> queries, int k) {
    return queries.isEmpty()
        ? List.of()
        : search(channel, IndexPeerMessages.search(collection, fingerprint, queries, k).build());
  }

  @Override
  public List<List<Neighbor>> searchReranked(
      String collection, String fingerprint, List<Embedding> queries, int k, Rerank rerank) {
    if (queries.isEmpty()) {
      return List.of();
    }
    SearchNeighborsRequest.Builder request =
        IndexPeerMessages.search(collection, fingerprint, queries, k);
    IndexPeerMessages.rerank(request, rerank);
    return search(patientChannel, request.build());
  }

  @Override
  public FoundImages find(
      String collection, String fingerprint, Embedding query, int k, @Nullable Filter filter) {
    return found(IndexPeerMessages.search(collection, fingerprint, List.of(query), k), filter);
  }

  @Override
  public FoundImages findById(String collection, String id, int k, @Nullable Filter filter) {
    return found(
        SearchNeighborsRequest.newBuilder()
            .setCollection(collection)
            .addQueries(Query.newBuilder().setId(id))
            .setK(k),
        filter);
  }

  private FoundImages found(SearchNeighborsRequest.Builder request, @Nullable Filter filter) {
    if (filter != null) {
      request.setFilter(FilterMessages.message(filter));
    }
    return IndexPeerMessages.found(
        channel.call(stub, timed -> timed.searchNeighbors(request.build())));
  }

  private List<List<Neighbor>> search(PeerChannel through, SearchNeighborsRequest request) {
    return through.call(stub, timed -> timed.searchNeighbors(request)).getResultsList().stream()
        .map(IndexPeerMessages::neighbors)
        .toList();
  }
}
