package dev.likeness.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.file.MalformedJsonException;
import dev.likeness.gateway.attribute.AttributeValue;
import dev.likeness.gateway.peer.FoundImages;
import dev.likeness.gateway.run.InvalidRequestException;
import dev.likeness.gateway.run.Rerank;
import dev.likeness.gateway.run.Run;
import dev.likeness.gateway.run.RunResult;
import dev.likeness.gateway.run.RunScores;
import dev.likeness.gateway.run.RunSpec;
import dev.likeness.gateway.run.RunState;
import dev.likeness.gateway.run.ScoreFusion;
import dev.likeness.gateway.run.StageSeconds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON of the REST interface ↔ domain; members have the names of the gRPC fields. */
final class RunJson {

  private static final Set<String> MEMBERS =
      Set.of(
          "dataset_path",
          "encoder",
          "top_k",
          "labels_path",
          "output_path",
          "rerank",
          "fusion",
          "weights",
          "request_id");

  private RunJson() {}

  /**
   * The body of a request for a run.
   *
   * @param spec what is to be run
   * @param requestId the caller's id of the request, null for none
   */
  record NewRun(RunSpec spec, @Nullable String requestId) {}

  static NewRun newRun(byte[] body) {
    JsonNode root;
    try {
      root = JsonDocument.parse(new String(body, StandardCharsets.UTF_8));
    } catch (MalformedJsonException e) {
      throw new InvalidRequestException("body", "the body is no JSON: " + e.getMessage());
    }
    if (!root.isObject()) {
      throw new InvalidRequestException(
          "body",
          "the body must be an object such as {\"dataset_path\": \"/data\", \"encoder\": \"resnet50\"}");
    }
    for (Map.Entry<String, JsonNode> member : root.properties()) {
      if (!MEMBERS.contains(member.getKey())) {
        throw new InvalidRequestException(
            member.getKey(),
            "unknown member '%s'; known are %s"
                .formatted(member.getKey(), MEMBERS.stream().sorted().toList()));
      }
    }
    JsonNode topK = root.path("top_k");
    if (!topK.isMissingNode() && !topK.isNull() && !topK.canConvertToInt()) {
      throw new InvalidRequestException("top_k", "top_k must be a whole number, got " + topK);
    }
    String encoder = text(root, "encoder") instanceof String name ? name : "";
    RunSpec spec =
        new RunSpec(
            text(root, "dataset_path") instanceof String path ? path : "",
            encoder,
            topK.asInt(RunSpec.DEFAULT_TOP_K),
            text(root, "labels_path"),
            text(root, "output_path"),
            Rerank.of("rerank", text(root, "rerank")),
            ScoreFusion.of(
                "fusion",
                text(root, "fusion"),
                numbers(root, "weights"),
                RunSpec.names(encoder).size()));
    return new NewRun(spec, text(root, "request_id"));
  }

  private static @Nullable String text(JsonNode root, String member) {
    JsonNode value = root.path(member);
    if (value.isMissingNode() || value.isNull() || value.asText().isEmpty()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new InvalidRequestException(member, member + " must be a text, got " + value);
    }
    return value.asText();
  }

  private static List<Double> numbers(JsonNode root, String member) {
    JsonNode value = root.path(member);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    List<Double> numbers = new ArrayList<>();
    for (JsonNode number : value) {
      numbers.add(number.isNumber() ? number.doubleValue() : Double.NaN);
    }
    if (!value.isArray() || numbers.stream().anyMatch(number -> !Double.isFinite(number))) {
      throw new InvalidRequestException(
          member, member + " must be a list of numbers, got " + value);
    }
    return numbers;
  }

  static ObjectNode run(Run run) {
    ObjectNode json = JsonDocument.object().put("id", run.id().value());
    json.set("spec", spec(run.spec()));
    switch (run.state()) {
      case RunState.Queued _ -> json.put("state", "QUEUED");
      case RunState.Running running ->
          json.put("state", "RUNNING")
              .put("stage", running.stage().name())
              .put("stage_done", running.done())
              .put("stage_total", running.total());
      case RunState.Succeeded succeeded ->
          json.put("state", "SUCCEEDED")
              .put("end_time", succeeded.endTime().toString())
              .set("result", result(succeeded.result()));
      case RunState.Failed failed ->
          json.put("state", "FAILED")
              .put("stage", failed.stage().name())
              .put("failure_reason", failed.reason())
              .put("end_time", failed.endTime().toString());
    }
    ArrayNode warnings = json.putArray("warnings");
    run.warnings().forEach(warnings::add);
    return json.put("create_time", run.createTime().toString());
  }

  private static ObjectNode spec(RunSpec spec) {
    ObjectNode json = JsonDocument.object();
    if (spec.fusion() != null) {
      json.put("fusion", ScoreFusion.MIN_MAX);
      spec.fusion().shares().forEach(json.putArray("weights")::add);
    }
    return json.put("dataset_path", spec.datasetPath())
        .put("encoder", spec.encoder())
        .put("top_k", spec.topK())
        .put("labels_path", spec.labelsPath())
        .put("output_path", spec.outputPath())
        .put("rerank", spec.rerank().text());
  }

  private static ObjectNode result(RunResult result) {
    ObjectNode json =
        JsonDocument.object()
            .put("submission_path", result.submissionPath())
            .put("record_path", result.recordPath())
            .put("report_path", result.reportPath())
            .put("collection", result.collection())
            .put("query_count", result.queries())
            .put("gallery_count", result.gallery())
            .put("fingerprint", result.fingerprint());
    json.set("scores", result.scores() == null ? json.nullNode() : scores(result.scores()));
    StageSeconds seconds = result.seconds();
    json.putObject("seconds")
        .put("decode", seconds.decode())
        .put("embed", seconds.embed())
        .put("index", seconds.index())
        .put("search", seconds.search())
        .put("total", seconds.total());
    return json;
  }

  private static ObjectNode scores(RunScores scores) {
    ObjectNode json =
        JsonDocument.object()
            .put("top_1", scores.top1())
            .put("top_5", scores.top5())
            .put("top_10", scores.top10())
            .put("precision_at_10", scores.precisionAt10())
            .put("map_at_10", scores.mapAt10())
            .put("score", scores.score())
            .put("mrr", scores.mrr())
            .put("query_count", scores.queries());
    if (scores.scoreLow() != null) {
      json.putObject("score_interval")
          .put("low", scores.scoreLow())
          .put("high", scores.scoreHigh());
    }
    return json;
  }

  static ObjectNode found(FoundImages found) {
    ObjectNode json = JsonDocument.object().put("matching_count", found.matchingCount());
    ArrayNode images = json.putArray("images");
    for (FoundImages.FoundImage image : found.images()) {
      ObjectNode attributes =
          images
              .addObject()
              .put("id", image.id())
              .put("score", image.score())
              .putObject("attributes");
      image.attributes().values().forEach((name, value) -> put(attributes, name, value));
    }
    return json;
  }

  private static void put(ObjectNode attributes, String name, AttributeValue value) {
    switch (value) {
      case AttributeValue.Text(String text) -> attributes.put(name, text);
      case AttributeValue.Numeric(double number) -> attributes.put(name, number);
      case AttributeValue.Flag(boolean flag) -> attributes.put(name, flag);
    }
  }

  /** Media type of an image by its name. */
  static String mediaType(String fileName) {
    String extension = fileName.substring(fileName.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return "image/" + (extension.equals("jpg") ? "jpeg" : extension);
  }
}
