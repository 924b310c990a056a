package dev.likeness.index.kernel;

/**
 * Scores of a block of codes, for one register width. One class per width, since the compiler makes
 * vector code only where the species is a constant.
 */
sealed interface GatherScores permits GatherScores512, GatherScores256 {

  /**
   * See {@link VectorKernel#scoreCodes(CodedQuery, CodedBlock, int, int[])}.
   *
   * @param query int16 [stride], stride a multiple of {@value CodedQuery#GRANULE}
   * @param block int8 [rows][stride]
   */
  void score(short[] query, byte[] block, int count, int[] sums);
}
