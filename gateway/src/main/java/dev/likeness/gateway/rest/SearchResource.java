package dev.likeness.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.gateway.filter.FilterExpression;
import dev.likeness.gateway.search.ImageSearch;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Search by image over HTTP. */
@Path("/api/v1/search")
@RunOnVirtualThread
public class SearchResource {

  private final ImageSearch search;

  /** Called by the container. */
  public SearchResource(ImageSearch search) {
    this.search = search;
  }

  /**
   * The nearest images of a collection.
   *
   * @param filter which images may be found, as an expression; absent for all
   * @param image the encoded image file; its type is seen from its bytes. Form types are not
   *     accepted, so that no foreign web page can post here unasked
   */
  @POST
  @Consumes({"image/*", MediaType.APPLICATION_OCTET_STREAM})
  @Produces(MediaType.APPLICATION_JSON)
  public ObjectNode search(
      @QueryParam("collection") @DefaultValue("") String collection,
      @QueryParam("encoder") @DefaultValue("") String encoder,
      @QueryParam("k") @DefaultValue("0") String k,
      @Nullable @QueryParam("filter") String filter,
      byte[] image) {
    return RunJson.found(
        search.byImage(
            collection,
            encoder.isEmpty() ? null : encoder,
            image,
            WholeNumber.of("k", k),
            filter == null ? null : FilterExpression.parse(filter)));
  }
}
