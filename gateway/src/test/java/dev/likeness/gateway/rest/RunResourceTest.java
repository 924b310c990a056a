package dev.likeness.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.gateway.grpc.FakePeers;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@QuarkusTest
@QuarkusTestResource(FakePeers.class)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class RunResourceTest {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TestHTTPResource("/")
  URI base;

  @ConfigProperty(name = "likeness.platform.roots")
  String root;

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HTTP.send(
        request.timeout(Duration.ofMinutes(5)).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(base.resolve(path)).GET());
  }

  private HttpResponse<String> post(String path, String type, String body) throws Exception {
    return send(
        HttpRequest.newBuilder(base.resolve(path))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> create(String dataset) throws Exception {
    return post(
        "/api/v1/runs",
        "application/json",
        "{\"dataset_path\":\"%s\",\"encoder\":\"circle\"}".formatted(dataset));
  }

  private JsonNode finished() throws Exception {
    JsonNode run = JsonDocument.parse(create(root + "/circle").body());
    String path = "/api/v1/runs/" + run.get("id").asText();
    while (!run.get("state").asText().equals("SUCCEEDED")) {
      assertThat(run.get("state").asText()).isNotEqualTo("FAILED");
      Thread.onSpinWait();
      run = JsonDocument.parse(get(path).body());
    }
    return run;
  }

  private static void assertProblem(HttpResponse<String> response, int status, String reason)
      throws Exception {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/problem+json");
    JsonNode problem = JsonDocument.parse(response.body());
    assertThat(problem.get("reason").asText()).isEqualTo(reason);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("detail").asText()).isNotBlank().doesNotContain("Exception");
  }

  @Test
  void createsRunsAndServesTheirOutputs() throws Exception {
    // Given
    JsonNode run = finished();
    String path = "/api/v1/runs/" + run.get("id").asText();
    // Then
    assertThat(run.at("/result/scores/top_1").asDouble()).isEqualTo(0.75);
    assertThat(JsonDocument.parse(get(path + "/submission").body()).size()).isEqualTo(4);
    HttpResponse<String> report = get(path + "/report");
    assertThat(report.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    assertThat(report.headers().firstValue("Content-Security-Policy")).isPresent();
    assertThat(report.body()).contains(run.get("id").asText());
    HttpResponse<String> image = get(path + "/gallery/north__g1.png");
    assertThat(image.headers().firstValue("Content-Type")).hasValue("image/png");
    assertThat(image.body()).isEqualTo("91");
    assertProblem(get(path + "/gallery/none.png"), 404, "IMAGE_NOT_FOUND");
    assertThat(JsonDocument.parse(get("/api/v1/runs?page_size=1").body()).get("runs")).hasSize(1);
  }

  @Test
  void searchesByImage() throws Exception {
    String collection = finished().at("/result/collection").asText();
    HttpResponse<String> response =
        post("/api/v1/search?k=2&collection=" + collection, "image/png", "93");
    assertThat(JsonDocument.parse(response.body()).at("/images/0/id").asText())
        .isEqualTo("north__g3.png");
    JsonNode none =
        JsonDocument.parse(
            post(
                    "/api/v1/search?collection=" + collection + "&filter=price%20%3C%202",
                    "image/png",
                    "93")
                .body());
    assertThat(none.get("matching_count").asInt(-1)).isZero();
    assertThat(none.get("images")).isEmpty();
    assertProblem(
        post("/api/v1/search?collection=" + collection + "&filter=price%20%3C", "image/png", "93"),
        400,
        "FILTER_INVALID");
    assertProblem(
        post("/api/v1/search?collection=" + collection, "image/png", "no image"),
        400,
        "IMAGE_UNSUPPORTED_FORMAT");
    assertProblem(
        post("/api/v1/search?collection=none", "image/png", "1"), 404, "COLLECTION_NOT_FOUND");
    assertProblem(post("/api/v1/search?k=x", "image/png", "1"), 400, "INVALID_ARGUMENT");
    assertProblem(post("/api/v1/search", "text/plain", "1"), 415, "UNSUPPORTED_MEDIA_TYPE");
  }

  @Test
  void explainsWhatIsWrongWithARequest() throws Exception {
    assertProblem(create("/etc"), 403, "PATH_OUTSIDE_ROOTS");
    assertProblem(create(root + "/absent"), 400, "DATASET_INVALID");
    assertProblem(post("/api/v1/runs", "application/json", "{"), 400, "INVALID_ARGUMENT");
    assertProblem(post("/api/v1/runs", "application/json", "[]"), 400, "INVALID_ARGUMENT");
    assertProblem(
        post("/api/v1/runs", "application/json", "{\"datset\":1}"), 400, "INVALID_ARGUMENT");
    assertProblem(
        post("/api/v1/runs", "application/json", "{\"top_k\":1.5}"), 400, "INVALID_ARGUMENT");
    for (String weights : List.of("1", "[1]", "[1, \"2\"]", "[1, null]")) {
      String body =
          "{\"dataset_path\":\"/x\",\"encoder\":\"a,b\",\"fusion\":\"min-max\",\"weights\":%s}"
              .formatted(weights);
      assertProblem(post("/api/v1/runs", "application/json", body), 400, "INVALID_ARGUMENT");
    }
    assertProblem(
        post("/api/v1/runs", "application/json", " ".repeat(100_000)), 400, "INVALID_ARGUMENT");
    assertProblem(post("/api/v1/runs", "text/plain", "{}"), 415, "UNSUPPORTED_MEDIA_TYPE");
    assertProblem(get("/api/v1/runs/none"), 404, "RUN_NOT_FOUND");
    assertProblem(get("/api/v1/runs?page_token=%25"), 400, "INVALID_ARGUMENT");
    assertProblem(get("/api/v1/nothing"), 404, "NOT_FOUND");
  }

  @Test
  void refusesBodiesThatAreTooLarge() throws Exception {
    // The head alone: who goes on sending to a server that has hung up may never see its answer.
    String head =
        "POST /api/v1/search?collection=x HTTP/1.1\r\nHost: %s\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n"
            .formatted(base.getAuthority(), (32 << 20) + 1);
    try (Socket socket = new Socket(base.getHost(), base.getPort())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      var answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      assertThat(answer.readLine()).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void isReadyAndShowsItsPeersAndMetrics() throws Exception {
    JsonNode health = JsonDocument.parse(get("/q/health/ready").body());
    assertThat(health.get("status").asText()).isEqualTo("UP");
    assertThat(health.toString()).contains("run store", "peers");
    finished();
    assertThat(get("/q/metrics").body())
        .contains(
            "likeness_gateway_runs{state=\"succeeded\"}", "likeness_gateway_run_seconds_total");
  }

  @Test
  void servesThePageWithoutForeignResources() throws Exception {
    HttpResponse<String> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("Likeness").doesNotContain("http://", "https://");
  }
}
