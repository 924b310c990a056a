package dev.likeness.gateway.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code run.json}: a run laid out flat, one member per field, times in ISO 8601 UTC.
 *
 * @param format version of this layout, 1
 * @param state QUEUED, RUNNING, SUCCEEDED or FAILED; the fields after it are null where they do not
 *     apply
 */
record RunDocument(
    int format,
    String id,
    @Nullable String requestId,
    RunSpec spec,
    String state,
    @Nullable RunStage stage,
    @Nullable Integer stageDone,
    @Nullable Integer stageTotal,
    @Nullable String startTime,
    @Nullable String endTime,
    @Nullable String failureReason,
    @Nullable RunResult result,
    RunWork work,
    List<String> warnings,
    String createTime) {

  private static final int FORMAT = 1;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  static byte[] write(Run run) {
    try {
      return JSON.writeValueAsBytes(of(run));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a run always has a JSON form", e);
    }
  }

  /**
   * @throws IOException if the bytes are torn, foreign or of a later format
   */
  static Run read(byte[] json) throws IOException {
    RunDocument document = JSON.readValue(json, RunDocument.class);
    if (document == null || document.format != FORMAT) {
      throw new IOException("it is of a format that this version does not know");
    }
    try {
      return document.toRun();
    } catch (RuntimeException e) {
      throw new IOException("a field is missing or wrong: " + e.getMessage(), e);
    }
  }

  private static RunDocument of(Run run) {
    return switch (run.state()) {
      case RunState.Queued _ -> flat(run, "QUEUED", null, null, null, null, null, null, null);
      case RunState.Running(var stage, int done, int total, Instant start) ->
          flat(run, "RUNNING", stage, done, total, start.toString(), null, null, null);
      case RunState.Succeeded(var result, Instant end) ->
          flat(run, "SUCCEEDED", null, null, null, null, end.toString(), null, result);
      case RunState.Failed(var stage, String reason, Instant end) ->
          flat(run, "FAILED", stage, null, null, null, end.toString(), reason, null);
    };
  }

  private static RunDocument flat(
      Run run,
      String state,
      @Nullable RunStage stage,
      @Nullable Integer done,
      @Nullable Integer total,
      @Nullable String start,
      @Nullable String end,
      @Nullable String failure,
      @Nullable RunResult result) {
    return new RunDocument(
        FORMAT,
        run.id().value(),
        run.requestId(),
        run.spec(),
        state,
        stage,
        done,
        total,
        start,
        end,
        failure,
        result,
        run.work(),
        run.warnings(),
        run.createTime().toString());
  }

  private Run toRun() {
    return new Run(
        new RunId(id), requestId, spec, toState(), work, warnings, Instant.parse(createTime));
  }

  private RunState toState() {
    return switch (state) {
      case "QUEUED" -> new RunState.Queued();
      case "RUNNING" ->
          new RunState.Running(
              required(stage, "stage"),
              required(stageDone, "stage_done"),
              required(stageTotal, "stage_total"),
              Instant.parse(required(startTime, "start_time")));
      case "SUCCEEDED" ->
          new RunState.Succeeded(
              required(result, "result"), Instant.parse(required(endTime, "end_time")));
      case "FAILED" ->
          new RunState.Failed(
              required(stage, "stage"),
              required(failureReason, "failure_reason"),
              Instant.parse(required(endTime, "end_time")));
      default -> throw new IllegalArgumentException("unknown state '" + state + "'");
    };
  }

  private static <T> T required(@Nullable T value, String field) {
    if (value == null) {
      throw new IllegalArgumentException("'" + field + "' is missing");
    }
    return value;
  }
}
