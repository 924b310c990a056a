package dev.likeness.gateway.grpc;

import dev.likeness.gateway.attribute.Attributes;
import dev.likeness.gateway.peer.Embedding;
import dev.likeness.gateway.peer.FoundImages;
import dev.likeness.gateway.peer.IndexPeer;
import dev.likeness.gateway.peer.SearchEngine;
import dev.likeness.gateway.run.InvalidRequestException;
import dev.likeness.gateway.run.Rerank;
import dev.likeness.index.v1.Collection;
import dev.likeness.index.v1.Engine;
import dev.likeness.index.v1.KReciprocal;
import dev.likeness.index.v1.NeighborList;
import dev.likeness.index.v1.Query;
import dev.likeness.index.v1.QueryExpansion;
import dev.likeness.index.v1.QueryVector;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.v1.SearchNeighborsResponse;
import dev.likeness.index.v1.Vector;
import java.util.List;

/** Between the messages of the index and what the gateway knows of it. */
final class IndexPeerMessages {

  private IndexPeerMessages() {}

  static IndexPeer.Collection collection(Collection collection) {
    return new IndexPeer.Collection(
        collection.getName(),
        collection.getDimension(),
        collection.getFingerprint(),
        collection.getVectorCount());
  }

  /**
   * @throws InvalidRequestException if there is no such engine
   */
  static Engine engine(String chosen) {
    return switch (chosen) {
      case "exact" -> Engine.ENGINE_EXACT;
      case "graph" -> Engine.ENGINE_GRAPH;
      case "auto" -> Engine.ENGINE_AUTO;
      default ->
          throw new InvalidRequestException(
              "engine", "the engine is exact, graph or auto, not '%s'".formatted(chosen));
    };
  }

  static SearchEngine engine(Collection collection) {
    return new SearchEngine(
        switch (collection.getChosenEngine()) {
          case ENGINE_EXACT -> "exact";
          case ENGINE_GRAPH -> "graph";
          case ENGINE_AUTO -> "auto";
          case ENGINE_UNSPECIFIED, UNRECOGNIZED -> "";
        },
        collection.getEngine(),
        collection.hasTargetRecall() ? collection.getTargetRecall() : null,
        collection.hasMeasuredRecall() ? collection.getMeasuredRecall() : null,
        collection.getVectorCount(),
        collection.getGraphVectorCount());
  }

  static Vector vector(String id, Embedding embedding, Attributes attributes) {
    Vector.Builder vector =
        Vector.newBuilder().setId(id).putAllPayload(AttributeMessages.messages(attributes));
    for (int i = 0; i < embedding.dimension(); i++) {
      vector.addValues(embedding.get(i));
    }
    return vector.build();
  }

  static SearchNeighborsRequest.Builder search(
      String collection, String fingerprint, List<Embedding> queries, int k) {
    SearchNeighborsRequest.Builder request =
        SearchNeighborsRequest.newBuilder()
            .setCollection(collection)
            .setFingerprint(fingerprint)
            .setK(k);
    for (Embedding query : queries) {
      QueryVector.Builder vector = QueryVector.newBuilder();
      for (int i = 0; i < query.dimension(); i++) {
        vector.addValues(query.get(i));
      }
      request.addQueries(Query.newBuilder().setVector(vector));
    }
    return request;
  }

  static void rerank(SearchNeighborsRequest.Builder request, Rerank rerank) {
    switch (rerank) {
      case NONE -> throw new IllegalArgumentException("a plain search is no reranked one");
      case K_RECIPROCAL ->
          request.getRerankingBuilder().setKReciprocal(KReciprocal.getDefaultInstance());
      case QUERY_EXPANSION ->
          request.getRerankingBuilder().setQueryExpansion(QueryExpansion.getDefaultInstance());
    }
  }

  /** The answer to a request with one query. */
  static FoundImages found(SearchNeighborsResponse response) {
    return new FoundImages(
        response.getResults(0).getNeighborsList().stream()
            .map(
                neighbor ->
                    new FoundImages.FoundImage(
                        neighbor.getId(),
                        neighbor.getScore(),
                        AttributeMessages.attributes(neighbor.getPayloadMap())))
            .toList(),
        response.getMatchingCount());
  }

  static List<IndexPeer.Neighbor> neighbors(NeighborList list) {
    return list.getNeighborsList().stream()
        .map(neighbor -> new IndexPeer.Neighbor(neighbor.getId(), neighbor.getScore()))
        .toList();
  }
}
