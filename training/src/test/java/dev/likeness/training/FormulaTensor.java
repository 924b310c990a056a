package dev.likeness.training;

import java.nio.charset.StandardCharsets;

/** Tensors computed from their names: FNV-1a, then one splitmix64 step per element. */
final class FormulaTensor {

  private FormulaTensor() {}

  /** Values in [-1, 1) times a factor. */
  static float[] of(String name, int length, double factor) {
    long hash = 0xCBF29CE484222325L;
    for (byte letter : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (letter & 0xFF)) * 0x100000001B3L;
    }
    float[] tensor = new float[length];
    for (int i = 0; i < length; i++) {
      long z = hash + i + 0x9E3779B97F4A7C15L;
      z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
      z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
      tensor[i] = (float) ((((z ^ (z >>> 31)) >>> 40) / 0x1p23 - 1) * factor);
    }
    return tensor;
  }
}
