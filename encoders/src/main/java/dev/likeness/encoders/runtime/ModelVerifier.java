package dev.likeness.encoders.runtime;

import dev.likeness.encoders.store.GoldenPair;
import dev.likeness.encoders.store.ModelPackage;

/** Checks that a model computes here what it computed when it was published. */
public final class ModelVerifier {

  private ModelVerifier() {}

  /**
   * Checks the hashes, loads the model, and compares its golden vector.
   *
   * @throws dev.likeness.encoders.store.ModelStoreException if a file is missing or damaged
   * @throws ModelLoadException if it cannot be loaded or run
   */
  public static VerifyReport verify(ModelPackage model, RuntimeOptions options) {
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, options)) {
      return verify(model, embedder);
    }
  }

  /** The same for a model that is loaded already. */
  public static VerifyReport verify(ModelPackage model, OnnxImageEmbedder embedder) {
    float[] input = GoldenPair.inputTensor(embedder.tensorLength());
    float[] actual = embedder.embed(input, 1)[0];
    float[] expected = model.card().golden().expected();
    double dot = 0;
    double actualSquares = 0;
    double expectedSquares = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      dot += (double) actual[i] * expected[i];
      actualSquares += (double) actual[i] * actual[i];
      expectedSquares += (double) expected[i] * expected[i];
      double difference = Math.abs((double) actual[i] - expected[i]);
      // A NaN must not pass as "not larger".
      largest = Double.isNaN(difference) ? Double.NaN : Math.max(largest, difference);
    }
    double lengths = Math.sqrt(actualSquares * expectedSquares);
    return new VerifyReport(
        model.version(),
        lengths > 0 ? dot / lengths : Double.NaN,
        largest,
        largest <= GoldenPair.TOLERANCE);
  }
}
