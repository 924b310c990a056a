package dev.likeness.gateway.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.gateway.competition.Competitions;
import dev.likeness.gateway.run.InvalidRequestException;
import dev.likeness.gateway.run.Run;
import dev.likeness.service.PageRequest;
import dev.likeness.service.PathOutsideRootsException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/** Runs over HTTP. */
@Path("/api/v1/runs")
@RunOnVirtualThread
public class RunResource {

  /** Paths and names; far more than any of them may have. */
  private static final int MAX_BODY = 64 << 10;

  private static final int DEFAULT_PAGE = 50;
  private static final int MAX_PAGE = 500;

  /** The page may draw itself, and nothing more: it can reach neither this origin nor another. */
  private static final String REPORT_POLICY =
      "sandbox allow-scripts; default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

  private final Competitions competitions;

  /** Called by the container. */
  public RunResource(Competitions competitions) {
    this.competitions = competitions;
  }

  /** Starts a run: 201 with the run. */
  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @Produces(MediaType.APPLICATION_JSON)
  public Response create(byte[] body) throws PathOutsideRootsException {
    if (body.length > MAX_BODY) {
      throw new InvalidRequestException(
          "body", "the body has %d bytes, at most %d are read".formatted(body.length, MAX_BODY));
    }
    RunJson.NewRun request = RunJson.newRun(body);
    Run run = competitions.create(request.spec(), request.requestId());
    return Response.created(URI.create("/api/v1/runs/" + run.id()))
        .entity(RunJson.run(run))
        .build();
  }

  /** Runs, newest first. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public ObjectNode list(
      @QueryParam("page_size") @DefaultValue("0") String pageSize,
      @QueryParam("page_token") @DefaultValue("") String pageToken) {
    PageRequest.Page<Run> page =
        competitions.list(
            PageRequest.of(
                WholeNumber.of("page_size", pageSize), pageToken, DEFAULT_PAGE, MAX_PAGE));
    ObjectNode json = JsonDocument.object();
    ArrayNode runs = json.putArray("runs");
    page.items().forEach(run -> runs.add(RunJson.run(run)));
    return json.put("next_page_token", page.nextPageToken());
  }

  /** One run. */
  @GET
  @Path("/{id}")
  @Produces(MediaType.APPLICATION_JSON)
  public ObjectNode get(@PathParam("id") String id) {
    return RunJson.run(competitions.get(id));
  }

  /** The submission, as it was written. */
  @GET
  @Path("/{id}/submission")
  @Produces(MediaType.APPLICATION_JSON)
  public byte[] submission(@PathParam("id") String id) throws PathOutsideRootsException {
    return competitions.submission(id);
  }

  /** The report. */
  @GET
  @Path("/{id}/report")
  @Produces(MediaType.TEXT_HTML)
  public Response report(@PathParam("id") String id) throws PathOutsideRootsException {
    return Response.ok(competitions.report(id), "text/html;charset=UTF-8")
        .header("Content-Security-Policy", REPORT_POLICY)
        .build();
  }

  /** An image of the gallery, to show what was found. */
  @GET
  @Path("/{id}/gallery/{name}")
  public Response galleryImage(@PathParam("id") String id, @PathParam("name") String name)
      throws PathOutsideRootsException {
    return Response.ok(competitions.galleryImage(id, name).toFile(), RunJson.mediaType(name))
        .header("Content-Security-Policy", "sandbox; default-src 'none'")
        .header("Cache-Control", "private, max-age=3600")
        .build();
  }
}
