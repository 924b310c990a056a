package dev.likeness.encoders.architecture;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Weights and inputs computed from tensor names, so that neither expected vectors nor benchmarks
 * need a download. Such a network computes as much as a trained one and has learned nothing. FNV-1a
 * over the name, then one splitmix64 step per element gives u in [-1, 1); the kind of the tensor
 * decides what becomes of u.
 *
 * @param convolutionGain keeps the values of deep networks in range; given with each fixture
 */
public record FormulaWeights(double convolutionGain) implements WeightValues {

  private static final Set<String> EMBEDDINGS =
      Set.of(
          "class_token",
          "encoder.pos_embedding",
          "vision_model.embeddings.class_embedding",
          "vision_model.embeddings.position_embedding.weight",
          "embeddings.cls_token",
          "embeddings.mask_token",
          "embeddings.position_embeddings");

  private interface Formula {
    double apply(double u);
  }

  /** The input image, [1, 3, height, width]. */
  public static float[] input(int height, int width) {
    return values("input", 3 * height * width, u -> u);
  }

  @Override
  public float[] values(TensorSpec weight) {
    return values(
        weight.name(),
        Math.toIntExact(weight.elementCount()),
        formula(weight.name(), weight.shape()));
  }

  private Formula formula(String name, List<Long> shape) {
    if (EMBEDDINGS.contains(name)) {
      return u -> 0.02 * u;
    }
    if (name.endsWith(".running_mean")) {
      return u -> 0.1 * u;
    }
    if (name.endsWith(".running_var")) {
      return u -> 1 + 0.5 * Math.abs(u);
    }
    if (shape.size() == 1) {
      return name.endsWith("bias") ? u -> 0.05 * u : u -> 1 + 0.1 * u;
    }
    long fanIn = shape.stream().skip(1).reduce(1L, Math::multiplyExact);
    double scale = Math.sqrt(3.0 / fanIn) * (shape.size() == 4 ? convolutionGain : 1);
    return u -> u * scale;
  }

  private static float[] values(String name, int length, Formula formula) {
    long hash = 0xCBF29CE484222325L;
    for (byte letter : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (letter & 0xFF)) * 0x100000001B3L;
    }
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      long z = hash + i + 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      long x = z ^ (z >>> 31);
      values[i] = (float) formula.apply((x >>> 40) / 0x1p23 - 1);
    }
    return values;
  }
}
