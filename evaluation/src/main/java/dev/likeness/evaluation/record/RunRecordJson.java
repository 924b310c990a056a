package dev.likeness.evaluation.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.metrics.BootstrapInterval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The members of a record's file: those everybody writes first, then ours. */
final class RunRecordJson {
  private RunRecordJson() {}

  static ObjectNode write(RunRecord record) {
    RunRecord.Scores scores = record.scores();
    RunRecord.Training training = record.training();
    RunRecord.Inputs inputs = record.inputs();
    ObjectNode json = JsonDocument.object();
    json.put("model_name", record.modelName());
    json.put("run_id", record.runId());
    json.put("top_k", scores.topK());
    json.put("top_k_accuracy", scores.topKAccuracy());
    json.put("precision_at_k", scores.precisionAtK());
    json.put("batch_size", training.batchSize());
    json.put("is_finetuned", training.finetuned());
    json.put("num_classes", training.numClasses());
    json.put("runtime_seconds", record.times().runtimeSeconds());
    json.put("loss_function", training.lossFunction());
    json.put("num_epochs", training.numEpochs());
    json.put("final_train_loss", training.finalTrainLoss());
    json.put("pooling_type", training.poolingType());
    json.put("score", scores.score());
    json.put("top_1", scores.top1());
    json.put("top_5", scores.top5());
    json.put("top_10", scores.top10());
    json.put("precision_at_10", scores.precisionAt10());
    json.put("map_at_10", scores.mapAt10());
    json.put("mrr", scores.mrr());
    json.put("mrr_at_10", scores.mrrAt10());
    json.put("queries", inputs.queries());
    json.put("gallery", inputs.gallery());
    json.put("encoder_fingerprint", inputs.encoderFingerprint());
    json.put("dataset_hash", inputs.datasetHash());
    json.put("seed", inputs.seed());
    if (inputs.rerank() != null) {
      json.put("rerank", inputs.rerank());
    }
    if (inputs.fusion() != null) {
      write(inputs.fusion(), json.putObject("fusion"));
    }
    ObjectNode intervals = json.putObject("confidence_intervals");
    scores
        .intervals()
        .forEach(
            (figure, interval) ->
                intervals
                    .putObject(figure)
                    .put("low", interval.low())
                    .put("high", interval.high())
                    .put("level", interval.level())
                    .put("resamples", interval.resamples())
                    .put("seed", interval.seed()));
    ObjectNode seconds = json.putObject("seconds");
    record.times().secondsPerStage().forEach(seconds::put);
    return json;
  }

  static RunRecord read(JsonNode json) {
    return new RunRecord(
        text(json, "model_name"),
        text(json, "run_id"),
        new RunRecord.Scores(
            integer(json, "top_k"),
            real(json, "top_k_accuracy"),
            real(json, "precision_at_k"),
            real(json, "score"),
            real(json, "top_1"),
            real(json, "top_5"),
            real(json, "top_10"),
            real(json, "precision_at_10"),
            real(json, "map_at_10"),
            real(json, "mrr"),
            real(json, "mrr_at_10"),
            intervals(json.path("confidence_intervals"))),
        new RunRecord.Training(
            json.path("is_finetuned").isBoolean() ? json.path("is_finetuned").booleanValue() : null,
            integer(json, "num_classes"),
            text(json, "loss_function"),
            integer(json, "num_epochs"),
            real(json, "final_train_loss"),
            text(json, "pooling_type"),
            integer(json, "batch_size")),
        new RunRecord.Inputs(
            integer(json, "queries"),
            integer(json, "gallery"),
            text(json, "encoder_fingerprint"),
            text(json, "dataset_hash"),
            json.path("seed").canConvertToLong() ? json.path("seed").longValue() : null,
            text(json, "rerank"),
            fusion(json.path("fusion"))),
        new RunRecord.Times(real(json, "runtime_seconds"), seconds(json.path("seconds"))));
  }

  private static void write(RunRecord.Fusion fusion, ObjectNode json) {
    json.put("way", fusion.way());
    ArrayNode encoders = json.putArray("encoders");
    for (RunRecord.FusedEncoder encoder : fusion.encoders()) {
      encoders
          .addObject()
          .put("name", encoder.name())
          .put("fingerprint", encoder.fingerprint())
          .put("weight", encoder.weight());
    }
  }

  private static RunRecord.@Nullable Fusion fusion(JsonNode json) {
    String way = text(json, "way");
    if (way == null) {
      return null;
    }
    List<RunRecord.FusedEncoder> encoders = new ArrayList<>();
    for (JsonNode encoder : json.path("encoders")) {
      String name = text(encoder, "name");
      Double weight = real(encoder, "weight");
      if (name != null && weight != null) {
        encoders.add(new RunRecord.FusedEncoder(name, text(encoder, "fingerprint"), weight));
      }
    }
    return new RunRecord.Fusion(way, encoders);
  }

  private static SequencedMap<String, BootstrapInterval> intervals(JsonNode json) {
    SequencedMap<String, BootstrapInterval> intervals = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      Double low = real(entry.getValue(), "low");
      Double high = real(entry.getValue(), "high");
      if (low != null && high != null && low <= high) {
        intervals.put(
            entry.getKey(),
            new BootstrapInterval(
                low,
                high,
                entry.getValue().path("level").asDouble(BootstrapInterval.LEVEL),
                entry.getValue().path("resamples").asInt(BootstrapInterval.RESAMPLES),
                entry.getValue().path("seed").asLong()));
      }
    }
    return intervals;
  }

  private static SequencedMap<String, Double> seconds(JsonNode json) {
    SequencedMap<String, Double> seconds = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (entry.getValue().isNumber()) {
        seconds.put(entry.getKey(), entry.getValue().doubleValue());
      }
    }
    return seconds;
  }

  private static @Nullable String text(JsonNode json, String member) {
    JsonNode value = json.path(member);
    return value.isTextual() || value.isNumber() ? value.asText() : null;
  }

  private static @Nullable Integer integer(JsonNode json, String member) {
    JsonNode value = json.path(member);
    return value.isNumber() && value.canConvertToInt() && value.doubleValue() == value.intValue()
        ? (Integer) value.intValue()
        : null;
  }

  private static @Nullable Double real(JsonNode json, String member) {
    JsonNode value = json.path(member);
    return value.isNumber() && Double.isFinite(value.doubleValue())
        ? (Double) value.doubleValue()
        : null;
  }
}
