package dev.likeness.index.collection;

import dev.likeness.index.error.DimensionMismatchException;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.vector.Similarity;
import dev.likeness.index.vector.Text;

/**
 * What a collection is made for; fixed when it is created.
 *
 * @param dimension values per vector, 1 to {@value #MAX_DIMENSION}
 * @param fingerprint of the encoder whose vectors it holds; empty if it takes those of any
 */
public record CollectionSettings(int dimension, Similarity similarity, String fingerprint) {

  /** Larger than any image encoder in use; bounds what one vector costs. */
  public static final int MAX_DIMENSION = 4096;

  public CollectionSettings {
    if (dimension < 1 || dimension > MAX_DIMENSION) {
      throw new InvalidRequestException(
          "dimension", "must be 1 to %d, is %d".formatted(MAX_DIMENSION, dimension));
    }
    Text.check("fingerprint", fingerprint, 0, 256);
  }

  void requireDimension(CollectionName name, int actual) {
    if (actual != dimension) {
      throw new DimensionMismatchException(name.value(), dimension, actual);
    }
  }

  String difference(CollectionSettings other) {
    if (dimension != other.dimension) {
      return "it has dimension %d, not %d".formatted(dimension, other.dimension);
    }
    if (similarity != other.similarity) {
      return "it has similarity %s, not %s".formatted(similarity, other.similarity);
    }
    return "it has fingerprint '%s', not '%s'".formatted(fingerprint, other.fingerprint);
  }
}
