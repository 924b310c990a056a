package dev.likeness.benchmarks.index;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Unit vectors drawn from a seed: the same ones for every contender.
 *
 * @param rows float32 [rows][dimension]
 * @param queries float32 [queries][dimension], drawn after the rows from the same law
 */
record VectorData(float[][] rows, float[][] queries) {

  /** How vectors are drawn. */
  enum Law {
    /** All directions alike: the hardest case for codes and graphs. */
    RANDOM,
    /** Around 500 centers, as images of 500 kinds lie; two of one center have a cosine near 0.6. */
    CLUSTERED,
    /**
     * As embeddings of images lie: around 500 centers in 96 directions of falling weight, with a
     * little noise in all others.
     */
    EMBEDDED
  }

  private static final int CENTERS = 500;
  private static final double PULL = 1.2;

  private static final int DIRECTIONS = 96;
  private static final double DECAY = -0.35;
  private static final double SPREAD = 0.75;
  private static final double NOISE = 0.25;

  static VectorData draw(Law law, int rowCount, int queryCount, int dimension, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    if (law == Law.EMBEDDED) {
      return drawEmbedded(random, rowCount, queryCount, dimension);
    }
    float[][] centers = new float[law == Law.RANDOM ? 0 : CENTERS][];
    for (int c = 0; c < centers.length; c++) {
      centers[c] = gaussian(random, dimension);
    }
    return new VectorData(
        draw(random, centers, rowCount, dimension), draw(random, centers, queryCount, dimension));
  }

  /** Writes vectors as float32, little-endian, one after the other. */
  static void write(Path file, float[][] vectors) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
      ByteBuffer bytes =
          ByteBuffer.allocate(vectors[0].length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      for (float[] vector : vectors) {
        bytes.clear();
        bytes.asFloatBuffer().put(vector);
        out.write(bytes.array());
      }
    }
  }

  int dimension() {
    return rows[0].length;
  }

  private static float[][] draw(
      SplittableRandom random, float[][] centers, int count, int dimension) {
    float[][] vectors = new float[count][];
    for (int v = 0; v < count; v++) {
      float[] values = gaussian(random, dimension);
      if (centers.length > 0) {
        float[] center = centers[random.nextInt(centers.length)];
        for (int i = 0; i < dimension; i++) {
          values[i] += (float) PULL * center[i];
        }
      }
      vectors[v] = unit(values);
    }
    return vectors;
  }

  private static VectorData drawEmbedded(
      SplittableRandom random, int rowCount, int queryCount, int dimension) {
    int rank = Math.min(DIRECTIONS, dimension);
    float[][] directions = new float[rank][];
    for (int r = 0; r < rank; r++) {
      directions[r] = unit(gaussian(random, dimension)); // nearly orthogonal
    }
    float[][] centers = new float[CENTERS][];
    for (int c = 0; c < CENTERS; c++) {
      centers[c] = gaussian(random, rank);
    }
    float[][] vectors = new float[rowCount + queryCount][];
    for (int v = 0; v < vectors.length; v++) {
      vectors[v] = embedded(random, directions, centers, dimension);
    }
    return new VectorData(
        Arrays.copyOf(vectors, rowCount),
        Arrays.copyOfRange(vectors, rowCount, rowCount + queryCount));
  }

  private static float[] embedded(
      SplittableRandom random, float[][] directions, float[][] centers, int dimension) {
    float[] center = centers[random.nextInt(centers.length)];
    float[] values = new float[dimension];
    for (int r = 0; r < directions.length; r++) {
      double weight = Math.pow(r + 1, DECAY) * (SPREAD * center[r] + random.nextGaussian());
      for (int i = 0; i < dimension; i++) {
        values[i] += (float) (weight * directions[r][i]);
      }
    }
    for (int i = 0; i < dimension; i++) {
      values[i] += (float) (NOISE / Math.sqrt(dimension) * random.nextGaussian());
    }
    return unit(values);
  }

  private static float[] gaussian(SplittableRandom random, int dimension) {
    float[] values = new float[dimension];
    for (int i = 0; i < dimension; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] unit(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    float scale = (float) (1 / Math.sqrt(squares));
    for (int i = 0; i < values.length; i++) {
      values[i] *= scale;
    }
    return values;
  }
}
