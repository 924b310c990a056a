package dev.likeness.embedder.serving;

import dev.likeness.embedder.failure.ImageRejectedException;
import dev.likeness.encoders.image.DecodeLimits;
import dev.likeness.encoders.image.ImageDecodeException;
import dev.likeness.encoders.image.ImageDecoder;
import dev.likeness.encoders.image.RgbImage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Decodes with many threads in a small heap: usual images at the same time, very large ones one at
 * a time. Which is which is decided from the header, before anything is allocated.
 */
public final class HeapBoundedDecoder {

  /** At most 3 bytes of what the decoder works with, and 3 of the image. */
  private static final int BYTES_PER_PIXEL = 6;

  private final ImageDecoder usual;
  private final ImageDecoder large;
  private final ReentrantLock oneLargeImage = new ReentrantLock();

  private HeapBoundedDecoder(ImageDecoder usual, ImageDecoder large) {
    this.usual = usual;
    this.large = large;
  }

  /**
   * @param limits what one image may cost at most
   * @param heapBytes of the virtual machine; all usual images together get a tenth of it, a large
   *     one six tenths
   * @param threads that decode at a time
   */
  public static HeapBoundedDecoder of(DecodeLimits limits, long heapBytes, int threads) {
    long usualPixels = Math.max(1_000_000, heapBytes / 10 / BYTES_PER_PIXEL / threads);
    long largePixels = heapBytes / 10 * 6 / BYTES_PER_PIXEL;
    return new HeapBoundedDecoder(
        new ImageDecoder(withPixels(limits, usualPixels)),
        new ImageDecoder(withPixels(limits, largePixels)));
  }

  private static DecodeLimits withPixels(DecodeLimits limits, long pixels) {
    return new DecodeLimits(
        limits.maxBytes(), limits.maxSide(), Math.min(limits.maxPixels(), pixels));
  }

  /**
   * Decodes an image and does something with its pixels while the memory is reserved.
   *
   * @throws ImageRejectedException if it cannot be decoded
   */
  public <T> T decode(byte[] bytes, Function<RgbImage, T> use) {
    try {
      return use.apply(usual.decode(bytes));
    } catch (ImageDecodeException failure) {
      if (failure.reason() != ImageDecodeException.Reason.TOO_LARGE) {
        throw rejected(failure);
      }
    }
    oneLargeImage.lock();
    try {
      return use.apply(large.decode(bytes));
    } catch (ImageDecodeException failure) {
      throw rejected(failure);
    } catch (OutOfMemoryError full) {
      throw new ImageRejectedException(
          ImageRejectedException.Reason.TOO_LARGE,
          "there is not enough memory to decode the image; make it smaller or give the service more heap");
    } finally {
      oneLargeImage.unlock();
    }
  }

  private static ImageRejectedException rejected(ImageDecodeException failure) {
    ImageRejectedException.Reason reason =
        switch (failure.reason()) {
          case EMPTY -> ImageRejectedException.Reason.EMPTY;
          case UNSUPPORTED_FORMAT -> ImageRejectedException.Reason.UNSUPPORTED_FORMAT;
          case TOO_LARGE -> ImageRejectedException.Reason.TOO_LARGE;
          case CORRUPT -> ImageRejectedException.Reason.CORRUPT;
        };
    return new ImageRejectedException(reason, String.valueOf(failure.getMessage()));
  }
}
