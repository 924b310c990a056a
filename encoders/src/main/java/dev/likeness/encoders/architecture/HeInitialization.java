package dev.likeness.encoders.architecture;

import dev.likeness.encoders.graph.GraphBuilder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Normal values of variance 2 / fan-out (K. He et al., 2015, "Delving deep into rectifiers"). Each
 * weight has its own random stream, made of the seed and its name, so that adding a layer leaves
 * all others as they were. The same on every machine.
 */
record HeInitialization(long seed) implements GraphBuilder.WeightSource {

  /** The sum of twelve uniform values is normal enough, and exact arithmetic everywhere. */
  private static final int UNIFORM_VALUES = 12;

  @Override
  public float[] convolution(String name, int length, int fanOut) {
    SplittableRandom random = new SplittableRandom(seed ^ hash(name));
    double deviation = Math.sqrt(2.0 / fanOut);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      double sum = -UNIFORM_VALUES / 2.0;
      for (int draw = 0; draw < UNIFORM_VALUES; draw++) {
        sum += random.nextDouble();
      }
      values[i] = (float) (sum * deviation);
    }
    return values;
  }

  /** FNV-1a, 64 bits. */
  private static long hash(String name) {
    long hash = 0xCBF29CE484222325L;
    for (byte letter : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (letter & 0xFF)) * 0x100000001B3L;
    }
    return hash;
  }
}
