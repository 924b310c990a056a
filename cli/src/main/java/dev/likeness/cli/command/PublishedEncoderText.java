package dev.likeness.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.embedder.v1.Preprocessing;
import dev.likeness.embedder.v1.PublishedEncoder;
import dev.likeness.evaluation.file.JsonDocument;
import java.util.Locale;

/** An encoder that can be pulled, for people and for programs. */
final class PublishedEncoderText {
  private PublishedEncoderText() {}

  static String heading() {
    return String.format(
        Locale.ROOT,
        "%-16s %10s %6s  %-19s  %s",
        "name",
        "parameters",
        "values",
        "images",
        "pooling; licence, source");
  }

  static String line(PublishedEncoder encoder) {
    return String.format(
        Locale.ROOT,
        "%-16s %8.1f M %6d  %-19s  %s%n    %s%n    %s",
        encoder.getName(),
        encoder.getParameterCount() / 1e6,
        encoder.getDimension(),
        images(encoder.getPreprocessing()),
        String.join(",", encoder.getPoolingsList()),
        encoder.getLicence(),
        encoder.getUrl());
  }

  private static String images(Preprocessing preprocessing) {
    return "%d to %d %s"
        .formatted(
            preprocessing.getResizeShorterSide(),
            preprocessing.getCropSize(),
            preprocessing.getFilter());
  }

  static ObjectNode json(PublishedEncoder encoder) {
    ObjectNode json = JsonDocument.object();
    json.put("name", encoder.getName());
    json.put("parameters", encoder.getParameterCount());
    json.put("dimension", encoder.getDimension());
    json.set("preprocessing", EncoderText.json(encoder.getPreprocessing()));
    ArrayNode poolings = json.putArray("poolings");
    encoder.getPoolingsList().forEach(poolings::add);
    json.put("licence", encoder.getLicence());
    json.put("url", encoder.getUrl());
    return json;
  }
}
