package dev.likeness.encoders.quantize;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import java.nio.file.Path;

/**
 * What to quantise and how.
 *
 * @param source the float32 encoder
 * @param name to publish under
 * @param images folder of images like those the encoder will see; searched with all below it
 * @param imageCount at most this many of them are used, at least {@value #LEAST_IMAGES}
 * @param force whether to publish even if the fidelity is low
 */
public record QuantizationRequest(
    ModelPackage source, EncoderName name, Path images, int imageCount, boolean force) {

  /** Enough that a range hardly changes with more. */
  public static final int USUAL_IMAGES = 128;

  /** Fewer give ranges and figures that mean little. */
  public static final int LEAST_IMAGES = CalibrationImages.LEAST;

  /** More only take longer. */
  public static final int MOST_IMAGES = 4096;

  public QuantizationRequest {
    if (imageCount < LEAST_IMAGES || imageCount > MOST_IMAGES) {
      throw new IllegalArgumentException(
          "between %d and %d images can be used, not %d"
              .formatted(LEAST_IMAGES, MOST_IMAGES, imageCount));
    }
  }
}
