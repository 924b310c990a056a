package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import dev.likeness.cli.output.Output;
import dev.likeness.embedder.v1.Encoder;
import dev.likeness.embedder.v1.EncoderState;
import dev.likeness.embedder.v1.EnsembleMember;
import dev.likeness.embedder.v1.Preprocessing;
import dev.likeness.evaluation.file.JsonDocument;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
    if (preprocessing.getOrientation().equals("exif")) {
      output.result("  orientation    as the camera was held");
    }
    for (EnsembleMember member : encoder.getMembersList()) {
      output.result(
          String.format(
              Locale.ROOT,
              "  member         %s, version %d, share %.3f, fingerprint %s",
              member.getName(),
              member.getVersion(),
              member.getWeight(),
              member.getFingerprint()));
    }
    if (!encoder.getFusion().isEmpty()) {
      output.result("  fusion         " + encoder.getFusion());
    }
    output.result("  pooling        " + encoder.getPooling());
    if (!encoder.getProjection().isEmpty()) {
      output.result("  projection     " + encoder.getProjection());
    }
    output.result("  size           " + size(encoder.getModelSizeBytes()));
    output.result("  speed          " + speed(speed(encoder)));
    output.result("  origin         " + encoder.getOrigin());
    output.result("  licence        " + (licence(encoder) == null ? "unknown" : licence(encoder)));
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
        "%-24s %4d %6d %5d  %-10s %9s %8s  %-12.12s  %s%s",
        encoder.getName(),
        encoder.getVersion(),
        encoder.getDimension(),
        encoder.getPreprocessing().getCropSize(),
        state(encoder),
        size(encoder.getModelSizeBytes()),
        encoder.hasImagesPerSecond() ? number(encoder.getImagesPerSecond()) : "unknown",
        encoder.getFingerprint(),
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
        "%-24s %4s %6s %5s  %-10s %9s %8s  %-12s  %s",
        "name",
        "ver.",
        "values",
        "input",
        "state",
        "size",
        "images/s",
        "fingerprint",
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
    json.put("images_per_second", speed(encoder));
    json.put("fusion", encoder.getFusion().isEmpty() ? null : encoder.getFusion());
    ArrayNode members = json.putArray("members");
    for (EnsembleMember member : encoder.getMembersList()) {
      ObjectNode entry = members.addObject();
      entry.put("name", member.getName());
      entry.put("version", member.getVersion());
      entry.put("fingerprint", member.getFingerprint());
      entry.put("weight", member.getWeight());
      entry.set("preprocessing", json(member.getPreprocessing()));
    }
    json.put("origin", encoder.getOrigin());
    json.put("licence", licence(encoder));
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
    images.put(
        "orientation",
        preprocessing.getOrientation().isEmpty() ? null : preprocessing.getOrientation());
    return images;
  }

  private static void addAll(ArrayNode array, List<Float> values) {
    values.forEach(array::add);
  }

  /** For people; null is unknown. */
  static String speed(@Nullable Double imagesPerSecond) {
    return imagesPerSecond == null
        ? "unknown; it is measured when the encoder is loaded, and by './likeness encoders verify'"
        : number(imagesPerSecond)
            + " images/s (the network alone, one image at a time, as measured then)";
  }

  private static @Nullable Double speed(Encoder encoder) {
    return encoder.hasImagesPerSecond() ? encoder.getImagesPerSecond() : null;
  }

  private static @Nullable String licence(Encoder encoder) {
    return encoder.getLicence().isEmpty() ? null : encoder.getLicence();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
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
