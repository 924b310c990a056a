package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import dev.likeness.cli.output.Output;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.EncoderState;
import dev.likeness.embedder.v1.Preprocessing;
import dev.likeness.evaluation.file.JsonDocument;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** An encoder for people and for programs. */
final class EncoderText {
  private EncoderText() {}

  static void show(Encoder encoder, Output output) {
    Preprocessing preprocessing = encoder.getPreprocessing();
    output.result(encoder.getName() + ", version " + encoder.getVersion());
    output.result("  state          " + state(encoder));
    output.result("  vector         " + encoder.getDimension() + " values");
    output.result("  architecture   " + encoder.getArchitecture() + trained(encoder));
    output.result(
        "  images         shorter side to %d, centre %d, %s, mean %s, std %s"
            .formatted(
                preprocessing.getResizeShorterSide(),
                preprocessing.getCropSize(),
                preprocessing.getFilter(),
                preprocessing.getMeanList(),
                preprocessing.getStdList()));
    output.result("  pooling        " + encoder.getPooling());
    if (!encoder.getProjection().isEmpty()) {
      output.result("  projection     " + encoder.getProjection());
    }
    output.result("  size           " + size(encoder.getModelSizeBytes()));
    output.result("  origin         " + encoder.getOrigin());
    output.result("  published      " + instant(encoder.getCreateTime()));
    output.result("  fingerprint    " + encoder.getFingerprint());
    encoder.getNotesList().forEach(note -> output.result("  note           " + note));
    if (!encoder.getBatchInvariant()) {
      output.result(
          "  batches        image by image: its vectors depend on their neighbours in a batch");
    }
  }

  static String line(Encoder encoder) {
    return String.format(
        Locale.ROOT,
        "%-24s %4d %6d  %-10s %9s  %s%s",
        encoder.getName(),
        encoder.getVersion(),
        encoder.getDimension(),
        state(encoder),
        size(encoder.getModelSizeBytes()),
        encoder.getArchitecture(),
        trained(encoder));
  }

  /** Says it of weights that are known to be untrained only. */
  private static String trained(Encoder encoder) {
    return encoder.hasTrained() && !encoder.getTrained() ? ", untrained" : "";
  }

  static String heading() {
    return String.format(
        Locale.ROOT,
        "%-24s %4s %6s  %-10s %9s  %s",
        "name",
        "ver.",
        "values",
        "state",
        "size",
        "kind");
  }

  static ObjectNode json(Encoder encoder) {
    ObjectNode json = JsonDocument.object();
    json.put("name", encoder.getName());
    json.put("version", encoder.getVersion());
    json.put("dimension", encoder.getDimension());
    json.put("fingerprint", encoder.getFingerprint());
    json.put("state", stateName(encoder.getState()));
    json.put(
        "failure_reason", encoder.getFailureReason().isEmpty() ? null : encoder.getFailureReason());
    json.put("architecture", encoder.getArchitecture());
    json.set("preprocessing", json(encoder.getPreprocessing()));
    json.put("pooling", encoder.getPooling());
    json.put("projection", encoder.getProjection().isEmpty() ? null : encoder.getProjection());
    json.put("model_size_bytes", encoder.getModelSizeBytes());
    json.put("origin", encoder.getOrigin());
    json.put("trained", encoder.hasTrained() ? encoder.getTrained() : null);
    json.put("batch_invariant", encoder.getBatchInvariant());
    json.put("create_time", instant(encoder.getCreateTime()));
    ArrayNode notes = json.putArray("notes");
    encoder.getNotesList().forEach(notes::add);
    return json;
  }

  static ObjectNode json(Preprocessing preprocessing) {
    ObjectNode images = JsonDocument.object();
    images.put("resize", preprocessing.getResizeShorterSide());
    images.put("size", preprocessing.getCropSize());
    images.put("filter", preprocessing.getFilter());
    addAll(images.putArray("mean"), preprocessing.getMeanList());
    addAll(images.putArray("std"), preprocessing.getStdList());
    return images;
  }

  private static void addAll(ArrayNode array, List<Float> values) {
    values.forEach(array::add);
  }

  private static String state(Encoder encoder) {
    return encoder.getFailureReason().isEmpty()
        ? stateName(encoder.getState())
        : stateName(encoder.getState()) + ": " + encoder.getFailureReason();
  }

  private static String stateName(EncoderState state) {
    return switch (state) {
      case ENCODER_STATE_AVAILABLE -> "available";
      case ENCODER_STATE_LOADING -> "loading";
      case ENCODER_STATE_ACTIVE -> "active";
      case ENCODER_STATE_FAILED -> "failed";
      case ENCODER_STATE_UNSPECIFIED, UNRECOGNIZED -> "unknown";
    };
  }

  static String size(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }

  private static String instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).toString();
  }
}
