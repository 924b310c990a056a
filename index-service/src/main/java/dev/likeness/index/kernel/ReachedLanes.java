package dev.likeness.index.kernel;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** {@link VectorKernel#reached} a register of sums at a time. */
final class ReachedLanes {

  private static final VectorShape SHAPE =
      FloatVector.SPECIES_PREFERRED.vectorBitSize() >= 512
          ? VectorShape.S_512_BIT
          : VectorShape.S_256_BIT;
  private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHAPE);
  private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, SHAPE);
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private ReachedLanes() {}

  static int find(
      MemorySegment sums, long offset, int lanes, float scale, float[] thresholds, int[] reached) {
    int count = 0;
    for (int lane = 0; lane < lanes; lane += FLOATS.length()) {
      IntVector products =
          IntVector.fromMemorySegment(INTS, sums, offset + (long) lane * Integer.BYTES, ORDER);
      FloatVector scores =
          ((FloatVector) products.convertShape(VectorOperators.I2F, FLOATS, 0)).mul(scale);
      FloatVector least = FloatVector.fromArray(FLOATS, thresholds, lane);
      long found = scores.compare(VectorOperators.GE, least).toLong();
      for (; found != 0; found &= found - 1) {
        reached[count++] = lane + Long.numberOfTrailingZeros(found);
      }
    }
    return count;
  }
}
