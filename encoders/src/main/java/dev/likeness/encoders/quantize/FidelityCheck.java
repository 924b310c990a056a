package dev.likeness.encoders.quantize;

import dev.likeness.encoders.quantize.QuantizationException.Reason;
import dev.likeness.encoders.runtime.OnnxRunner;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.EncoderCard;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Consumer;

/** Compares two graphs of the same encoder, image by image. */
final class FidelityCheck {

  /** Below this mean cosine, neighbours change places. */
  static final double LEAST_MEAN_COSINE = 0.99;

  private FidelityCheck() {}

  /**
   * @param done told after every image
   */
  static Fidelity compare(
      EncoderCard card, Path original, Path quantized, CalibrationImages images, Runnable done) {
    double sum = 0;
    double least = 1;
    try (OnnxRunner exact = OnnxRunner.open(original, RuntimeOptions.defaults());
        OnnxRunner integer = OnnxRunner.open(quantized, RuntimeOptions.defaults())) {
      for (Path image : images.heldOut()) {
        float[] tensor = images.tensor(image);
        double cosine = cosine(run(card, exact, tensor), run(card, integer, tensor));
        sum += cosine;
        least = Math.min(least, cosine);
        done.run();
      }
    }
    int count = images.heldOut().size();
    return new Fidelity(sum / count, least, count);
  }

  /**
   * @throws QuantizationException if the fidelity is low and {@code force} is not set
   */
  static void require(Fidelity fidelity, boolean force, Consumer<String> progress) {
    String figures =
        String.format(
            Locale.ROOT,
            "the mean cosine to the float32 vectors is %.4f (least %.4f) on %d images that the"
                + " ranges were not measured on",
            fidelity.meanCosine(),
            fidelity.minCosine(),
            fidelity.images());
    if (fidelity.meanCosine() >= LEAST_MEAN_COSINE) {
      progress.accept(figures);
    } else if (force) {
      progress.accept(figures + "; published all the same, as asked");
    } else {
      throw new QuantizationException(
          Reason.LOW_FIDELITY,
          figures
              + String.format(
                  Locale.ROOT,
                  "; at least %.2f is asked for. More images like those it will see may help; --force"
                      + " publishes it as it is",
                  LEAST_MEAN_COSINE));
    }
  }

  private static float[] run(EncoderCard card, OnnxRunner runner, float[] tensor) {
    int size = card.preprocess().cropSize();
    long[] shape = {1, 3, size, size};
    return runner.run(card.inputTensor(), tensor, shape, card.outputTensor()).values();
  }

  /** 0 where a vector is all zeros or not finite. */
  static double cosine(float[] left, float[] right) {
    double dot = 0;
    double leftSquares = 0;
    double rightSquares = 0;
    for (int i = 0; i < left.length; i++) {
      dot += (double) left[i] * right[i];
      leftSquares += (double) left[i] * left[i];
      rightSquares += (double) right[i] * right[i];
    }
    double cosine = dot / Math.sqrt(leftSquares * rightSquares);
    return Double.isFinite(cosine) ? cosine : 0;
  }
}
