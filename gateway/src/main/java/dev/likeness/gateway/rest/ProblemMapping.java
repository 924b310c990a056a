package dev.likeness.gateway.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.gateway.grpc.StatusMapping;
import dev.likeness.service.ServiceFailure;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * Errors over HTTP: <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a> problems with the
 * reason that the same error has over gRPC.
 */
@Singleton
public class ProblemMapping {

  private static final String MEDIA_TYPE = "application/problem+json";

  private final StatusMapping mapping;

  /** Called by the container. */
  public ProblemMapping(StatusMapping mapping) {
    this.mapping = mapping;
  }

  /** What the router refuses: unknown paths, methods and media types. */
  @ServerExceptionMapper
  public Response refused(WebApplicationException e) {
    int status = e.getResponse().getStatus();
    Response.Status known = Response.Status.fromStatusCode(status);
    String title = known == null ? "Error" : known.getReasonPhrase();
    String reason = known == null ? "HTTP_" + status : known.name();
    return problem(status, reason, title, title, null).build();
  }

  /** Everything else. */
  @ServerExceptionMapper
  public Response failed(Throwable thrown) {
    ServiceFailure failure =
        thrown instanceof StatusRuntimeException e ? ofStatus(e) : mapping.failure(thrown);
    int status = httpStatus(failure.code());
    Response.Status known = Response.Status.fromStatusCode(status);
    Response.ResponseBuilder response =
        problem(
            status,
            failure.reason(),
            known == null ? "Error" : known.getReasonPhrase(),
            failure.message(),
            failure.field());
    if (failure.retryAfter() != null) {
      response.header("Retry-After", Math.max(1, failure.retryAfter().toSeconds()));
    }
    return response.build();
  }

  /** Refusals of the service kit, e.g. of a page token. */
  private static ServiceFailure ofStatus(StatusRuntimeException e) {
    Code code = e.getStatus().getCode();
    return ServiceFailure.of(code, code.name(), String.valueOf(e.getStatus().getDescription()));
  }

  private static Response.ResponseBuilder problem(
      int status, String reason, String title, String detail, @Nullable String field) {
    ObjectNode problem =
        JsonDocument.object()
            .put("type", "about:blank")
            .put("title", title)
            .put("status", status)
            .put("detail", detail)
            .put("reason", reason);
    if (field != null) {
      problem.put("field", field);
    }
    return Response.status(status).type(MEDIA_TYPE).entity(JsonDocument.line(problem));
  }

  private static int httpStatus(Code code) {
    return switch (code) {
      case OK -> 200;
      case INVALID_ARGUMENT, OUT_OF_RANGE -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case NOT_FOUND -> 404;
      case ALREADY_EXISTS, ABORTED, FAILED_PRECONDITION -> 409;
      case RESOURCE_EXHAUSTED -> 429;
      case CANCELLED -> 499;
      case UNIMPLEMENTED -> 501;
      case UNAVAILABLE -> 503;
      case DEADLINE_EXCEEDED -> 504;
      case UNKNOWN, INTERNAL, DATA_LOSS -> 500;
    };
  }
}
