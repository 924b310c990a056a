package dev.likeness.encoders.projection;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Principal components scaled to equal variance (Jégou and Chum, 2012, "Negative evidences and
 * co-occurrences in image retrieval: the benefit of PCA and whitening").
 *
 * <p>With training vectors x of length 1, their mean m and covariance C = V Λ Vᵀ, the projection is
 * y = (x - m) V diag(λ')^(-1/2) over the largest eigenvalues. Few images estimate the small ones
 * far too low, and whitening would blow their noise up; hence λ' = (1 - s) λ + s mean(λ kept), with
 * shrinkage s.
 */
public final class PcaWhitening {

  public static final String KIND = "pca-whitening";

  /** Judged on two image sets and two networks; see the module's README. */
  public static final double DEFAULT_SHRINKAGE = 0.7;

  /**
   * A direction's variance is estimated well only from several images; with more directions than
   * this allows, whitening amplified noise and retrieval became worse than without.
   */
  private static final int IMAGES_PER_DIMENSION = 8;

  private static final int SMALLEST_DEFAULT_DIMENSION = 32;
  private static final int LARGEST_DEFAULT_DIMENSION = 256;

  /** Two points lie on a line; below this nothing about variance is known. */
  private static final int SMALLEST_IMAGE_COUNT = 8;

  private PcaWhitening() {}

  /**
   * One dimension for each 8 images, between 32 and 256, and never more than have variance at all:
   * images - 1, or the input dimension.
   */
  public static int defaultDimension(int imageCount, int inputDimension) {
    int estimated =
        Math.clamp(
            imageCount / IMAGES_PER_DIMENSION,
            SMALLEST_DEFAULT_DIMENSION,
            LARGEST_DEFAULT_DIMENSION);
    return Math.max(1, Math.min(estimated, Math.min(imageCount - 1, inputDimension)));
  }

  /**
   * Fits a projection. Deterministic.
   *
   * @param vectors [images][dimension], each of length 1
   * @param outputDimension 1 to min(images - 1, dimension)
   * @param shrinkage 0 (plain whitening) to 1 (no whitening, PCA only)
   * @throws TooFewImagesException if there are fewer than 8 vectors or not more than
   *     outputDimension
   * @throws IllegalArgumentException if a value is out of range or the vectors do not vary
   */
  public static LinearProjection fit(float[][] vectors, int outputDimension, double shrinkage) {
    int count = vectors.length;
    if (count < Math.max(SMALLEST_IMAGE_COUNT, outputDimension + 1)) {
      throw new TooFewImagesException(count, Math.max(SMALLEST_IMAGE_COUNT, outputDimension + 1));
    }
    int dimension = vectors[0].length;
    if (outputDimension < 1 || outputDimension > dimension) {
      throw new IllegalArgumentException(
          "the output dimension lies between 1 and %d, got %d"
              .formatted(dimension, outputDimension));
    }
    if (!(shrinkage >= 0 && shrinkage <= 1)) {
      throw new IllegalArgumentException("shrinkage lies between 0 and 1, got " + shrinkage);
    }
    double[] mean = mean(vectors, dimension);
    DMatrixRMaj centred = centred(vectors, mean);
    return dimension <= count
        ? scaled(mean, fromCovariance(centred), outputDimension, shrinkage)
        : scaled(mean, fromGram(centred), outputDimension, shrinkage);
  }

  /** Unit directions as columns, with their variances, largest first. */
  private record Components(DMatrixRMaj directions, double[] variances) {}

  private static double[] mean(float[][] vectors, int dimension) {
    double[] mean = new double[dimension];
    for (float[] vector : vectors) {
      if (vector.length != dimension) {
        throw new IllegalArgumentException(
            "all vectors need %d values, one has %d".formatted(dimension, vector.length));
      }
      for (int i = 0; i < dimension; i++) {
        mean[i] += vector[i] / (double) vectors.length;
      }
    }
    return mean;
  }

  private static DMatrixRMaj centred(float[][] vectors, double[] mean) {
    DMatrixRMaj centred = new DMatrixRMaj(vectors.length, mean.length);
    for (int row = 0; row < vectors.length; row++) {
      for (int i = 0; i < mean.length; i++) {
        centred.set(row, i, vectors[row][i] - mean[i]);
      }
    }
    return centred;
  }

  /** More images than dimensions: eigenvectors of XᵀX. */
  private static Components fromCovariance(DMatrixRMaj centred) {
    DMatrixRMaj product = new DMatrixRMaj(centred.numCols, centred.numCols);
    CommonOps_DDRM.multInner(centred, product);
    return eigen(product, centred.numRows);
  }

  /** Fewer images: with XXᵀ = U S Uᵀ, the directions are Xᵀ u / √s, and the matrix is small. */
  private static Components fromGram(DMatrixRMaj centred) {
    DMatrixRMaj product = new DMatrixRMaj(centred.numRows, centred.numRows);
    CommonOps_DDRM.multOuter(centred, product);
    Components gram = eigen(product, centred.numRows);
    DMatrixRMaj directions = new DMatrixRMaj(centred.numCols, centred.numRows);
    CommonOps_DDRM.multTransA(centred, gram.directions(), directions);
    for (int column = 0; column < directions.numCols; column++) {
      double sum = gram.variances()[column] * centred.numRows;
      double factor = sum > 0 ? 1 / Math.sqrt(sum) : 0;
      for (int row = 0; row < directions.numRows; row++) {
        directions.set(row, column, directions.get(row, column) * factor);
      }
    }
    return new Components(directions, gram.variances());
  }

  private static Components eigen(DMatrixRMaj symmetric, int count) {
    int size = symmetric.numRows;
    EigenDecomposition_F64<DMatrixRMaj> decomposition =
        DecompositionFactory_DDRM.eig(size, true, true);
    if (!decomposition.decompose(symmetric)) {
      throw new IllegalArgumentException("the vectors' covariance has no decomposition");
    }
    double[] values =
        IntStream.range(0, size).mapToDouble(i -> decomposition.getEigenvalue(i).real).toArray();
    int[] order =
        IntStream.range(0, size)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    DMatrixRMaj directions = new DMatrixRMaj(size, size);
    double[] variances = new double[size];
    for (int column = 0; column < size; column++) {
      variances[column] = Math.max(0, values[order[column]]) / count;
      DMatrixRMaj vector = decomposition.getEigenVector(order[column]);
      CommonOps_DDRM.insert(vector, directions, 0, column);
    }
    return new Components(directions, variances);
  }

  private static LinearProjection scaled(
      double[] mean, Components components, int outputDimension, double shrinkage) {
    double[] variances = Arrays.copyOf(components.variances(), outputDimension);
    double average = Arrays.stream(variances).average().orElse(0);
    if (!(average > 1e-12)) {
      throw new IllegalArgumentException("the training images all give the same vector");
    }
    float[][] matrix = new float[mean.length][outputDimension];
    for (int output = 0; output < outputDimension; output++) {
      double variance = (1 - shrinkage) * variances[output] + shrinkage * average;
      // A direction without variance is rounding noise; whitening it would make it count.
      double factor = variances[output] > 1e-9 * variances[0] ? 1 / Math.sqrt(variance) : 0;
      factor *= sign(components.directions(), output);
      for (int input = 0; input < mean.length; input++) {
        matrix[input][output] = (float) (components.directions().get(input, output) * factor);
      }
    }
    float[] rounded = new float[mean.length];
    for (int i = 0; i < mean.length; i++) {
      rounded[i] = (float) mean[i];
    }
    return new LinearProjection(rounded, matrix);
  }

  /** An eigenvector's sign is arbitrary; its largest element is made positive. */
  private static double sign(DMatrixRMaj directions, int column) {
    double largest = 0;
    for (int row = 0; row < directions.numRows; row++) {
      double value = directions.get(row, column);
      largest = Math.abs(value) > Math.abs(largest) ? value : largest;
    }
    return largest < 0 ? -1 : 1;
  }
}
