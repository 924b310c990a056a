package dev.likeness.encoders.preprocess;

import dev.likeness.encoders.image.ExifOrientation;
import dev.likeness.encoders.image.RgbImage;
import java.util.List;

/**
 * One decoded image to the tensors of all inputs of an encoder, one behind another. Immutable, safe
 * for use by any number of threads.
 */
public final class InputPreparation {

  private final List<Preprocessor> inputs;

  /**
   * @param specs one for each input, in their order
   */
  public InputPreparation(List<PreprocessSpec> specs) {
    this.inputs = specs.stream().map(Preprocessor::new).toList();
  }

  /** Floats per image, over all inputs. */
  public int tensorLength() {
    return inputs.stream().mapToInt(Preprocessor::tensorLength).sum();
  }

  /**
   * Writes {@link #tensorLength()} floats from index 0 on.
   *
   * @param file the encoded image, where its orientation is noted
   * @param stored its pixels as they lie in the file
   * @throws IndexOutOfBoundsException if there is no room for them
   */
  public void apply(byte[] file, RgbImage stored, float[] out) {
    RgbImage upright =
        inputs.stream().anyMatch(input -> isUpright(input.spec()))
            ? ExifOrientation.of(file).apply(stored)
            : stored;
    int offset = 0;
    for (Preprocessor input : inputs) {
      input.apply(isUpright(input.spec()) ? upright : stored, out, offset);
      offset += input.tensorLength();
    }
  }

  private static boolean isUpright(PreprocessSpec spec) {
    return spec.orientation() == Orientation.EXIF;
  }
}
