package dev.likeness.encoders.store;

/**
 * Where a linear projection at the end of the graph comes from.
 *
 * @param kind how it was fitted, such as {@code pca-whitening}
 * @param sourceModel the package it was fitted on, as name/version
 * @param sourceFingerprint fingerprint of that package
 * @param datasetHash SHA-256 of the training set's listing, hexadecimal
 * @param imageCount training images, at least 2
 * @param inputDimension length of the source vectors
 * @param outputDimension length of the projected vectors
 * @param shrinkage how much of the mean variance was mixed into every direction, 0 to 1
 */
public record Projection(
    String kind,
    String sourceModel,
    String sourceFingerprint,
    String datasetHash,
    int imageCount,
    int inputDimension,
    int outputDimension,
    double shrinkage) {

  public Projection {
    if (imageCount < 2 || outputDimension < 1 || outputDimension > inputDimension) {
      throw new IllegalArgumentException(
          "a projection needs at least 2 images and 1 <= output <= input dimension; got %d images, %d"
                  .formatted(imageCount, outputDimension)
              + " from %d".formatted(inputDimension));
    }
  }
}
