package dev.likeness.encoders.architecture;

import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * The trained {@link LikenessMini} that is part of the program: a graph, and a file that says how
 * its weights were made. {@code ./likeness pretrain} writes both.
 */
final class BuiltInWeights {

  private static final String GRAPH = "likeness-mini.onnx";
  private static final String CARD = "likeness-mini.properties";
  private static final String METRIC = "metric.";
  private static final String SHA_256 = Sha256.of(onnx());

  private BuiltInWeights() {}

  static byte[] onnx() {
    try (InputStream in = open(GRAPH)) {
      return in.readAllBytes();
    } catch (IOException damaged) {
      throw new UncheckedIOException("the built-in weights cannot be read", damaged);
    }
  }

  static String sha256() {
    return SHA_256;
  }

  static Origin origin() {
    Properties card = new Properties();
    try (InputStream in = open(CARD)) {
      card.load(in);
    } catch (IOException damaged) {
      throw new UncheckedIOException("the card of the built-in weights cannot be read", damaged);
    }
    Map<String, Double> metrics = new HashMap<>();
    for (String name : card.stringPropertyNames()) {
      if (name.startsWith(METRIC)) {
        metrics.put(name.substring(METRIC.length()), Double.valueOf(card.getProperty(name)));
      }
    }
    return new Origin(
        "training",
        true,
        card.getProperty("source"),
        null,
        null,
        card.getProperty("dataset"),
        Long.valueOf(card.getProperty("seed")),
        metrics,
        card.getProperty("licence"));
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(BuiltInWeights.class.getResourceAsStream(name), name);
  }
}
