package dev.likeness.encoders.image;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import dev.likeness.encoders.image.ImageDecodeException.Reason;
import dev.likeness.encoders.jpeg.BaselineDecoder;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Encoded bytes to RGB pixels, as Pillow's {@code Image.open(…).convert("RGB")} gives them: jpg,
 * png, bmp, gif and webp (of both the first frame).
 *
 * <p>The pixels come as they lie in the file; {@link ExifOrientation} turns them the right way up.
 * Colour profiles are ignored, transparency is dropped without compositing, grayscale samples are
 * copied as they are. A file that ends early is an error and never half an image. Sizes are checked
 * against {@link DecodeLimits} from the header alone. Safe for use by any number of threads.
 */
public final class ImageDecoder {

  static {
    // The default writes every stream to a temporary file first.
    ImageIO.setUseCache(false);
  }

  private final DecodeLimits limits;
  private final Function<byte[], Optional<byte[]>> plainJpeg;

  /**
   * @param limits what one image may cost
   */
  public ImageDecoder(DecodeLimits limits) {
    this(limits, new BaselineDecoder()::decode);
  }

  /**
   * @param plainJpeg RGB samples of the files that it reads, which is a matter of speed alone
   */
  ImageDecoder(DecodeLimits limits, Function<byte[], Optional<byte[]>> plainJpeg) {
    this.limits = limits;
    this.plainJpeg = plainJpeg;
  }

  /**
   * @param bytes one encoded image; the format is found from its first bytes
   * @throws ImageDecodeException if it is empty, of another format, larger than the limits, or
   *     damaged
   */
  public RgbImage decode(byte[] bytes) throws ImageDecodeException {
    if (bytes.length == 0) {
      throw new ImageDecodeException(Reason.EMPTY, "the image has no bytes");
    }
    if (bytes.length > limits.maxBytes()) {
      throw new ImageDecodeException(
          Reason.TOO_LARGE,
          "the image has %,d bytes, at most %,d are read"
              .formatted(bytes.length, limits.maxBytes()));
    }
    ImageHeader header = ImageHeader.read(bytes);
    checkSize(header.width(), header.height());
    return decodePixels(header.format(), bytes);
  }

  private RgbImage decodePixels(ImageFormat format, byte[] bytes) throws ImageDecodeException {
    try {
      return switch (format) {
        case JPEG -> decodeJpeg(bytes);
        case GIF -> GifFrame.onCanvas(bytes, RasterPixels.toRgb(read(format, bytes)));
        case PNG -> RasterPixels.toRgb(read(format, bytes));
        case WEBP -> RasterPixels.toRgb(read(format, WebpChunks.withoutProfile(bytes)));
        case BMP -> {
          BitmapLength.check(bytes);
          yield RasterPixels.toRgb(read(format, bytes));
        }
      };
    } catch (IOException | RuntimeException damaged) {
      // The decoders answer damaged input with almost any exception; none of their texts helps.
      throw new ImageDecodeException(
          Reason.CORRUPT, "the %s image is damaged or cut short".formatted(format), damaged);
    }
  }

  private RgbImage decodeJpeg(byte[] bytes) throws IOException, ImageDecodeException {
    JpegSegments segments = JpegSegments.read(bytes);
    Optional<byte[]> rgb = plainJpeg.apply(bytes);
    if (rgb.isPresent()) {
      return new RgbImage(segments.width(), segments.height(), rgb.get());
    }
    byte[] cleaned = segments.cleaned();
    if (segments.components() == 3) {
      return withReader(ImageFormat.JPEG, cleaned, RgbTarget::read);
    }
    if (segments.components() == 1) {
      return RasterPixels.toRgb(read(ImageFormat.JPEG, cleaned));
    }
    return CmykConversion.toRgb(readRaster(cleaned), segments.adobeTransform());
  }

  private BufferedImage read(ImageFormat format, byte[] bytes)
      throws IOException, ImageDecodeException {
    return withReader(format, bytes, reader -> reader.read(0));
  }

  private Raster readRaster(byte[] bytes) throws IOException, ImageDecodeException {
    return withReader(ImageFormat.JPEG, bytes, reader -> reader.readRaster(0, null));
  }

  private interface Reading<T> {
    T from(ImageReader reader) throws IOException;
  }

  private <T> T withReader(ImageFormat format, byte[] bytes, Reading<T> reading)
      throws IOException, ImageDecodeException {
    ImageReader reader = newReader(format);
    try (MemoryCacheImageInputStream stream =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(stream, true, true);
      // An animation's frame, or a second frame header, may be larger than the file's header said.
      checkSize(reader.getWidth(0), reader.getHeight(0));
      AtomicBoolean endedEarly = new AtomicBoolean();
      reader.addIIOReadWarningListener(new EarlyEnd(endedEarly));
      T pixels = reading.from(reader);
      if (endedEarly.get()) {
        throw new IIOException("the data ends early");
      }
      return pixels;
    } finally {
      reader.dispose();
    }
  }

  /** The JPEG decoder fills what is missing with gray and only warns. */
  private record EarlyEnd(AtomicBoolean seen) implements IIOReadWarningListener {
    @Override
    public void warningOccurred(ImageReader source, @Nullable String warning) {
      String text = String.valueOf(warning).toLowerCase(Locale.ROOT);
      if (text.contains("premature end") || text.contains("truncated")) {
        seen.set(true);
      }
    }
  }

  /**
   * WebP is created directly: discovery depends on class loaders that application servers replace.
   */
  private static ImageReader newReader(ImageFormat format) throws IOException {
    if (format == ImageFormat.WEBP) {
      return new WebPImageReaderSpi().createReaderInstance(null);
    }
    Iterator<ImageReader> readers =
        ImageIO.getImageReadersByFormatName(format.name().toLowerCase(Locale.ROOT));
    if (!readers.hasNext()) {
      throw new IIOException("this Java runtime has no decoder for " + format);
    }
    return readers.next();
  }

  private void checkSize(long width, long height) throws ImageDecodeException {
    if (width < 1 || height < 1) {
      throw new ImageDecodeException(
          Reason.CORRUPT, "the header states %d x %d pixels".formatted(width, height));
    }
    if (width > limits.maxSide() || height > limits.maxSide()) {
      throw new ImageDecodeException(
          Reason.TOO_LARGE,
          "the image has %,d x %,d pixels, a side may have at most %,d"
              .formatted(width, height, limits.maxSide()));
    }
    if (width * height > limits.maxPixels()) {
      throw new ImageDecodeException(
          Reason.TOO_LARGE,
          "the image has %,d x %,d = %,d pixels, at most %,d are decoded"
              .formatted(width, height, width * height, limits.maxPixels()));
    }
  }
}
