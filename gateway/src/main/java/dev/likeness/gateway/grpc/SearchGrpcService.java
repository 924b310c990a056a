package dev.likeness.gateway.grpc;

import dev.likeness.gateway.search.ImageSearch;
import dev.likeness.gateway.v1.SearchByIdRequest;
import dev.likeness.gateway.v1.SearchByIdResponse;
import dev.likeness.gateway.v1.SearchByImageRequest;
import dev.likeness.gateway.v1.SearchByImageResponse;
import dev.likeness.gateway.v1.SearchService;
import dev.likeness.service.BlockingCall;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;

/** Search by image over gRPC. */
@GrpcService
public class SearchGrpcService implements SearchService {

  private final ImageSearch search;

  /** Called by the container. */
  public SearchGrpcService(ImageSearch search) {
    this.search = search;
  }

  @Override
  public Uni<SearchByImageResponse> searchByImage(SearchByImageRequest request) {
    return BlockingCall.answer(
        () ->
            SearchByImageResponse.newBuilder()
                .addAllImages(
                    GatewayMessages.found(
                        search.byImage(
                            request.getCollection(),
                            GatewayMessages.emptyToNull(request.getEncoder()),
                            request.getImage().toByteArray(),
                            request.getK())))
                .build());
  }

  @Override
  public Uni<SearchByIdResponse> searchById(SearchByIdRequest request) {
    return BlockingCall.answer(
        () ->
            SearchByIdResponse.newBuilder()
                .addAllImages(
                    GatewayMessages.found(
                        search.byId(request.getCollection(), request.getId(), request.getK())))
                .build());
  }
}
