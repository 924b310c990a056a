package dev.likeness.index.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sums of the squares of codes: integers, the same in whatever order. */
final class CodeSquares {

  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
  private static final int LANES = 8;

  private CodeSquares() {}

  static int sum(byte[] codes) {
    IntVector even = IntVector.zero(INTS);
    IntVector odd = IntVector.zero(INTS);
    int i = 0;
    for (; i <= codes.length - 2 * LANES; i += 2 * LANES) {
      IntVector first = wide(codes, i);
      IntVector second = wide(codes, i + LANES);
      even = even.add(first.mul(first));
      odd = odd.add(second.mul(second));
    }
    return even.add(odd).reduceLanes(VectorOperators.ADD) + sum(codes, i);
  }

  /** Of the codes from {@code from} on, one by one. */
  static int sum(byte[] codes, int from) {
    int sum = 0;
    for (int i = from; i < codes.length; i++) {
      sum += codes[i] * codes[i];
    }
    return sum;
  }

  private static IntVector wide(byte[] codes, int from) {
    return (IntVector)
        ByteVector.fromArray(BYTES, codes, from).convertShape(VectorOperators.B2I, INTS, 0);
  }
}
