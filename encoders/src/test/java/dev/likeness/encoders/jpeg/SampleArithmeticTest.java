package dev.likeness.encoders.jpeg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SampleArithmeticTest {

  private static final int LANES = SampleArithmetic.LANES;

  private final SampleArithmetic scalar = new ScalarArithmetic();
  private final SampleArithmetic vector = new VectorArithmetic();
  private final Random random = new Random(29);

  @BeforeEach
  void skipWhereRegistersAreShort() {
    assumeTrue(VectorArithmetic.worthwhile(), "registers of this machine are too short");
  }

  @Test
  void bothKindsTransformToTheSameSamplesEvenFarBeyondTheirRange() {
    for (int largest : new int[] {40, 1024, 4096}) {
      for (int round = 0; round < 100; round++) {
        int[] coefficients = new int[64 * LANES];
        for (int i = 0; i < coefficients.length; i++) {
          coefficients[i] = random.nextInt(3) == 0 ? random.nextInt(-largest, largest) : 0;
        }
        int[] expected = new int[16 * LANES];
        int[] actual = new int[16 * LANES];
        scalar.transform(coefficients.clone(), expected);
        vector.transform(coefficients, actual);
        assertThat(actual).containsExactly(expected);
      }
    }
  }

  @Test
  void anEvenBlockIsItsMean() {
    // Given: eight times 10 above the centre in each block's first coefficient
    int[] coefficients = new int[64 * LANES];
    Arrays.fill(coefficients, 0, LANES, 80);
    int[] samples = new int[16 * LANES];

    // When
    scalar.transform(coefficients, samples);

    // Then
    assertThat(samples).containsOnly(0x8A8A8A8A);
  }

  @Test
  void bothKindsWidenAndColourRowsOfEveryLengthToTheSamePixels() {
    for (int pairs = 1; pairs < 70; pairs++) {
      byte[] plane = new byte[4 * pairs + SampleArithmetic.ROOM_AFTER];
      random.nextBytes(plane);
      int[] expected = pixels(scalar, plane, pairs);
      assertThat(pixels(vector, plane, pairs)).containsExactly(expected);
    }
  }

  private static int[] pixels(SampleArithmetic arithmetic, byte[] plane, int pairs) {
    int[] sums = new int[pairs + SampleArithmetic.ROOM_AFTER];
    PixelPairs luminance = new PixelPairs(pairs);
    PixelPairs blue = new PixelPairs(pairs);
    PixelPairs red = new PixelPairs(pairs);
    arithmetic.mix(plane, 0, pairs, pairs, sums);
    sums[pairs + 1] = sums[pairs];
    arithmetic.widen(sums, pairs, 8, 7, blue);
    arithmetic.split(plane, pairs, pairs, red);
    arithmetic.split(plane, 2 * pairs, pairs, luminance);
    arithmetic.colors(luminance, blue, red, pairs);
    int[] pixels = new int[2 * pairs];
    System.arraycopy(luminance.even, 0, pixels, 0, pairs);
    System.arraycopy(luminance.odd, 0, pixels, pairs, pairs);
    return pixels;
  }

  @Test
  void grayStaysGrayAndPureColoursAreReached() {
    assertThat(pixel(77, 0, 0)).isEqualTo(0x4D4D4D);
    assertThat(pixel(255, 127, 127)).isEqualTo(0xFF_79_FF);
    assertThat(pixel(0, -128, -128)).isEqualTo(0x00_87_00);
  }

  private int pixel(int luminance, int blue, int red) {
    PixelPairs luminances = new PixelPairs(1);
    PixelPairs blues = new PixelPairs(1);
    PixelPairs reds = new PixelPairs(1);
    luminances.even[0] = luminance - 128;
    blues.even[0] = blue;
    reds.even[0] = red;
    scalar.colors(luminances, blues, reds, 1);
    return luminances.even[0];
  }
}
