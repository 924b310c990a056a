package dev.likeness.encoders.store;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Arrays;

/**
 * An input by formula and the vector it must give, so that a damaged or differently computed model
 * is noticed before it serves.
 *
 * <p>Element k of the input, in row-major order of [3][size][size], is float32(sin(0.01 × k)).
 */
public final class GoldenPair {

  /** The only formula so far; named in the file so that another one can be told from it. */
  public static final String FORMULA = "sin(0.01*k)";

  /** Largest difference per component that rounding may cause between machines. */
  public static final double TOLERANCE = 1e-4;

  private final String input;
  private final float[] expected;

  /**
   * @param expected the L2-normalised vector, copied
   */
  @JsonCreator
  public GoldenPair(
      @JsonProperty("input") String input, @JsonProperty("expected") float[] expected) {
    if (!FORMULA.equals(input)) {
      throw new IllegalArgumentException(
          "golden input is '%s', only '%s' is known".formatted(input, FORMULA));
    }
    for (float value : expected) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException("golden vector holds " + value);
      }
    }
    this.input = input;
    this.expected = expected.clone();
  }

  public static GoldenPair of(float[] expected) {
    return new GoldenPair(FORMULA, expected);
  }

  @JsonProperty("input")
  public String input() {
    return input;
  }

  /** A copy of the vector. */
  @JsonProperty("expected")
  public float[] expected() {
    return expected.clone();
  }

  /** The input tensor of the given length. */
  public static float[] inputTensor(int length) {
    float[] tensor = new float[length];
    for (int k = 0; k < length; k++) {
      tensor[k] = (float) Math.sin(0.01 * k);
    }
    return tensor;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof GoldenPair pair && Arrays.equals(expected, pair.expected);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(expected);
  }
}
