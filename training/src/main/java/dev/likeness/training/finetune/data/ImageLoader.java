package dev.likeness.training.finetune.data;

import dev.likeness.encoders.image.DecodeLimits;
import dev.likeness.encoders.image.ExifOrientation;
import dev.likeness.encoders.image.ImageDecodeException;
import dev.likeness.encoders.image.ImageDecoder;
import dev.likeness.encoders.image.RgbImage;
import dev.likeness.encoders.preprocess.Orientation;
import dev.likeness.encoders.preprocess.PillowResize;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Decoded images, resized as the encoder's preprocessing does before its crop. Keeps as many in
 * memory as its bound allows and decodes the others each time. Safe for use by any number of
 * threads.
 */
public final class ImageLoader {

  private final ImageSet set;
  private final PreprocessSpec spec;
  private final ImageDecoder decoder = new ImageDecoder(DecodeLimits.DEFAULT);
  private final AtomicReferenceArray<RgbImage> kept;
  private final AtomicLong room;

  /**
   * @param cacheBytes Java heap for images
   */
  public ImageLoader(ImageSet set, PreprocessSpec spec, long cacheBytes) {
    this.set = set;
    this.spec = spec;
    this.kept = new AtomicReferenceArray<>(set.size());
    this.room = new AtomicLong(cacheBytes);
  }

  public ImageSet set() {
    return set;
  }

  /**
   * @throws ImageDecodeException if the file is no image that can be read
   * @throws UncheckedIOException if the file cannot be read
   */
  public RgbImage load(int ordinal) throws ImageDecodeException {
    RgbImage found = kept.get(ordinal);
    if (found != null) {
      return found;
    }
    RgbImage resized = decode(ordinal);
    int bytes = resized.rgb().length;
    if (room.addAndGet(-bytes) >= 0 && kept.compareAndSet(ordinal, null, resized)) {
      return resized;
    }
    room.addAndGet(bytes);
    return resized;
  }

  private RgbImage decode(int ordinal) throws ImageDecodeException {
    RgbImage image;
    try {
      byte[] file = Files.readAllBytes(set.images().get(ordinal).path());
      RgbImage stored = decoder.decode(file);
      image =
          spec.orientation() == Orientation.EXIF ? ExifOrientation.of(file).apply(stored) : stored;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(
          set.images().get(ordinal).path() + " cannot be read", unreadable);
    }
    int shorter = spec.resizeShorterSide();
    boolean portrait = image.width() <= image.height();
    long longer =
        (long) shorter
            * Math.max(image.width(), image.height())
            / Math.min(image.width(), image.height());
    int longerSide = Math.toIntExact(longer);
    return PillowResize.resize(
        image, portrait ? shorter : longerSide, portrait ? longerSide : shorter, spec.filter());
  }
}
