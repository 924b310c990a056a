package dev.likeness.encoders.jpeg;

import java.util.Optional;

/**
 * Decodes the JPEG files that nearly all photos are: one scan, Huffman codes, eight bits, gray or
 * luminance and differences in 4:4:4, 4:2:2 or 4:2:0; to the same bytes as the reference library
 * (accurate integer transform, interpolated differences).
 *
 * <p>Everything else is left to another decoder, and so is every file with the slightest damage:
 * what a picture is worth of which a part is missing, is decided there. Safe for use by any number
 * of threads.
 */
public final class BaselineDecoder {

  private static final SampleArithmetic BEST = SampleArithmetic.best();

  private final SampleArithmetic arithmetic;

  /** With the quickest arithmetic of this JVM. */
  public BaselineDecoder() {
    this(BEST);
  }

  BaselineDecoder(SampleArithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  /**
   * Allocates up to six bytes per pixel that the header states, and nothing if the file is too
   * short for them.
   *
   * @param file a whole JPEG file
   * @return RGB samples [height][width][3]; empty if the file is of another kind, or not in order
   */
  public Optional<byte[]> decode(byte[] file) {
    try {
      Frame frame = FrameReader.read(file);
      EntropyData data = EntropyData.read(file, frame.scanStart());
      if (frame.blocks() > data.length() * 4L) {
        return Optional.empty();
      }
      SamplePlanes planes = SamplePlanes.read(frame, data, arithmetic);
      return Optional.of(ColorRows.toRgb(frame, planes, arithmetic));
    } catch (IrregularFileException | IndexOutOfBoundsException | ArithmeticException irregular) {
      return Optional.empty();
    }
  }
}
