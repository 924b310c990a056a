package dev.likeness.gateway.grpc;

import dev.likeness.gateway.filter.Filter;
import dev.likeness.gateway.filter.FilterExpression;
import dev.likeness.gateway.peer.FoundImages;
import dev.likeness.gateway.search.ImageSearch;
import dev.likeness.gateway.v1.SearchByIdRequest;
import dev.likeness.gateway.v1.SearchByIdResponse;
import dev.likeness.gateway.v1.SearchByImageRequest;
import dev.likeness.gateway.v1.SearchByImageResponse;
import dev.likeness.gateway.v1.SearchService;
import dev.likeness.service.BlockingCall;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import org.jspecify.annotations.Nullable;

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
        () -> {
          FoundImages found =
              search.byImage(
                  request.getCollection(),
                  GatewayMessages.emptyToNull(request.getEncoder()),
                  request.getImage().toByteArray(),
                  request.getK(),
                  filter(request));
          return SearchByImageResponse.newBuilder()
              .addAllImages(GatewayMessages.found(found))
              .setMatchingCount(found.matchingCount())
              .build();
        });
  }

  private static @Nullable Filter filter(SearchByImageRequest request) {
    return switch (request.getAllowedCase()) {
      case FILTER -> FilterMessages.filter(request.getFilter());
      case FILTER_EXPRESSION -> FilterExpression.parse(request.getFilterExpression());
      case ALLOWED_NOT_SET -> null;
    };
  }

  @Override
  public Uni<SearchByIdResponse> searchById(SearchByIdRequest request) {
    return BlockingCall.answer(
        () -> {
          FoundImages found =
              search.byId(
                  request.getCollection(), request.getId(), request.getK(), filter(request));
          return SearchByIdResponse.newBuilder()
              .addAllImages(GatewayMessages.found(found))
              .setMatchingCount(found.matchingCount())
              .build();
        });
  }

  private static @Nullable Filter filter(SearchByIdRequest request) {
    return switch (request.getAllowedCase()) {
      case FILTER -> FilterMessages.filter(request.getFilter());
      case FILTER_EXPRESSION -> FilterExpression.parse(request.getFilterExpression());
      case ALLOWED_NOT_SET -> null;
    };
  }
}
