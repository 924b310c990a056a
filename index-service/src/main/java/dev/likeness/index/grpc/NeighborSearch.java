package dev.likeness.index.grpc;

import dev.likeness.index.collection.CollectionName;
import dev.likeness.index.collection.VectorCollection;
import dev.likeness.index.collection.VectorStore;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.search.PartedSearch;
import dev.likeness.index.search.SearchResult;
import dev.likeness.index.v1.SearchNeighborsRequest;
import dev.likeness.index.v1.SearchNeighborsResponse;
import dev.likeness.index.v1.StreamNeighborsResponse;
import jakarta.inject.Provider;
import java.util.function.BooleanSupplier;

/** Answers requests for neighbors, whole or in parts, and measures the answers. */
final class NeighborSearch {

  private final Provider<VectorStore> store;
  private final SearchMeter meter;

  NeighborSearch(Provider<VectorStore> store, SearchMeter meter) {
    this.store = store;
    this.meter = meter;
  }

  SearchNeighborsResponse answer(SearchNeighborsRequest request, BooleanSupplier abandoned) {
    VectorCollection collection = collection(request);
    SearchResult result =
        collection.search(
            IndexMessages.queries(request, collection),
            request.getK(),
            FilterMessages.filter(request),
            IndexMessages.reranking(request),
            abandoned);
    meter.answered(result);
    return IndexMessages.neighbors(result);
  }

  /** All parts see the state of now. To be closed. */
  PartedSearch begin(SearchNeighborsRequest request, BooleanSupplier abandoned) {
    if (request.hasReranking()) {
      throw new InvalidRequestException(
          "search.reranking", "must be left out here; SearchNeighbors offers it");
    }
    VectorCollection collection = collection(request);
    return collection.searchInParts(
        IndexMessages.queries(request, collection),
        request.getK(),
        FilterMessages.filter(request),
        abandoned);
  }

  StreamNeighborsResponse part(PartedSearch search, int part) {
    SearchResult result = search.part(part);
    meter.answered(result);
    return StreamNeighborsResponse.newBuilder()
        .setFirstQuery(search.firstQuery(part))
        .addAllResults(IndexMessages.neighbors(result).getResultsList())
        .setMatchingCount(result.matchingCount())
        .build();
  }

  private VectorCollection collection(SearchNeighborsRequest request) {
    CollectionName name = CollectionName.of("collection", request.getCollection());
    VectorCollection collection = store.get().get(name);
    collection.requireFingerprint(request.getFingerprint());
    return collection;
  }
}
