package dev.likeness.index.kernel;

import dev.likeness.index.vector.VectorScaling;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Two registers of 256 bit hold the eight sums. */
public final class SimdScaling implements VectorScaling {

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_128;
  private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_256;
  private static final int LANES = 4;

  private static final VectorSpecies<Double> WIDEST = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> HALF_AS_WIDE =
      VectorSpecies.of(
          float.class, VectorShape.forBitSize(Math.max(64, WIDEST.vectorBitSize() / 2)));

  private SimdScaling() {}

  /** SIMD if the kernel is, and the registers are wide enough; otherwise the plain one. */
  public static VectorScaling like(VectorKernel kernel) {
    return switch (kernel) {
      case ScalarKernel scalar -> PLAIN;
      case SimdKernel simd ->
          DoubleVector.SPECIES_PREFERRED.vectorBitSize() >= DOUBLES.vectorBitSize()
              ? new SimdScaling()
              : PLAIN;
    };
  }

  @Override
  public double squares(float[] values) {
    DoubleVector lower = DoubleVector.zero(DOUBLES);
    DoubleVector upper = DoubleVector.zero(DOUBLES);
    int i = 0;
    for (; i <= values.length - 2 * LANES; i += 2 * LANES) {
      DoubleVector first = wide(values, i);
      DoubleVector second = wide(values, i + LANES);
      lower = lower.add(first.mul(first));
      upper = upper.add(second.mul(second));
    }
    double a = lower.lane(0);
    for (; i < values.length; i++) {
      a += (double) values[i] * values[i];
    }
    return ((a + lower.lane(1)) + (lower.lane(2) + lower.lane(3)))
        + ((upper.lane(0) + upper.lane(1)) + (upper.lane(2) + upper.lane(3)));
  }

  @Override
  public void scale(float[] values, double factor) {
    int lanes = WIDEST.length();
    int i = 0;
    for (; i <= values.length - lanes; i += lanes) {
      FloatVector part = FloatVector.fromArray(HALF_AS_WIDE, values, i);
      DoubleVector product =
          ((DoubleVector) part.convertShape(VectorOperators.F2D, WIDEST, 0)).mul(factor);
      ((FloatVector) product.convertShape(VectorOperators.D2F, HALF_AS_WIDE, 0))
          .intoArray(values, i);
    }
    for (; i < values.length; i++) {
      values[i] = (float) (values[i] * factor);
    }
  }

  private static DoubleVector wide(float[] values, int from) {
    return (DoubleVector)
        FloatVector.fromArray(FLOATS, values, from).convertShape(VectorOperators.F2D, DOUBLES, 0);
  }
}
