package dev.likeness.encoders.architecture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the public reference implementation of a network gives for formula weights. */
final class EncoderFixture {

  /** Our names and the fixtures'. */
  static final Map<String, String> FILES =
      Map.ofEntries(
          Map.entry("clip-vit-b32", "clip-vit-base-patch32"),
          Map.entry("clip-vit-b16", "clip-vit-base-patch16"),
          Map.entry("clip-vit-l14", "clip-vit-large-patch14"),
          Map.entry("dinov2-base", "dinov2-base"),
          Map.entry("vit-b16", "vit_b_16"),
          Map.entry("resnet34", "resnet34"),
          Map.entry("resnet50", "resnet50"),
          Map.entry("resnet101", "resnet101"),
          Map.entry("resnet152", "resnet152"),
          Map.entry("efficientnet-b0", "efficientnet_b0"),
          Map.entry("efficientnet-b3", "efficientnet_b3"),
          Map.entry("googlenet", "googlenet"));

  /**
   * @param sum of the formula's values; null for counters, which have none
   */
  record Tensor(TensorSpec spec, String kind, Double sum) {}

  private final JsonNode root;

  private EncoderFixture(JsonNode root) {
    this.root = root;
  }

  static EncoderFixture of(String architecture) {
    String resource = "/encoders/" + FILES.get(architecture) + ".json";
    try (InputStream in = EncoderFixture.class.getResourceAsStream(resource)) {
      return new EncoderFixture(new JsonMapper().readTree(in));
    } catch (IOException broken) {
      throw new UncheckedIOException(resource, broken);
    }
  }

  FormulaWeights weights() {
    return new FormulaWeights(root.at("/gains/conv").asDouble());
  }

  /**
   * @param path within outputs, such as {@code gap}
   */
  float[] vector(String path) {
    JsonNode values = root.path("outputs").at("/" + path + "/values");
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no vector " + path);
    }
    float[] vector = new float[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = values.get(i).floatValue();
    }
    return vector;
  }

  List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>();
    for (JsonNode tensor : root.path("tensors")) {
      List<Long> shape = new ArrayList<>();
      tensor.path("shape").forEach(size -> shape.add(size.asLong()));
      Double sum = tensor.has("sum") ? tensor.get("sum").asDouble() : null;
      TensorSpec spec = new TensorSpec(tensor.path("name").asText(), shape);
      tensors.add(new Tensor(spec, tensor.path("kind").asText(), sum));
    }
    return tensors;
  }
}
