package dev.likeness.encoders.quantize;

import dev.likeness.encoders.image.DecodeLimits;
import dev.likeness.encoders.image.ImageDecodeException;
import dev.likeness.encoders.image.ImageDecoder;
import dev.likeness.encoders.preprocess.InputPreparation;
import dev.likeness.encoders.quantize.QuantizationException.Reason;
import dev.likeness.encoders.store.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Images of a folder, spread evenly over its sorted listing: some to measure ranges on, others to
 * measure fidelity on. Files that are no readable images are passed over.
 */
final class CalibrationImages {

  /** Every so many-th image is held out. */
  private static final int HELD_OUT_EVERY = 4;

  /** Fewer give ranges and figures that mean little. */
  static final int LEAST = 8;

  private static final Set<String> SUFFIXES = Set.of("jpg", "jpeg", "png", "bmp", "gif", "webp");

  private final InputPreparation preparation;
  private final ImageDecoder decoder;
  private final List<Path> calibration = new ArrayList<>();
  private final List<Path> heldOut = new ArrayList<>();
  private final String hash;

  private CalibrationImages(InputPreparation preparation, DecodeLimits limits, List<Path> images) {
    this.preparation = preparation;
    this.decoder = new ImageDecoder(limits);
    StringBuilder listing = new StringBuilder();
    for (int i = 0; i < images.size(); i++) {
      Path image = images.get(i);
      (i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1 ? heldOut : calibration).add(image);
      listing.append(sha256(image)).append('\n');
    }
    this.hash = Sha256.of(listing.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * @param count at most this many are used
   * @throws QuantizationException if there are too few readable ones
   */
  static CalibrationImages of(
      Path folder, int count, InputPreparation preparation, DecodeLimits limits) {
    List<Path> found = listing(folder);
    ImageDecoder decoder = new ImageDecoder(limits);
    List<Path> chosen = new ArrayList<>();
    double step = Math.max(1, (double) found.size() / count);
    for (double at = 0; at < found.size(); at += step) {
      Path image = found.get((int) at);
      if (isReadable(decoder, image)) {
        chosen.add(image);
      }
    }
    if (chosen.size() < LEAST) {
      throw new QuantizationException(
          Reason.TOO_FEW_IMAGES,
          "%s holds %d readable images; ranges are measured on at least %d, better on 100 of the"
                  .formatted(folder, chosen.size(), LEAST)
              + " kind that the encoder will see");
    }
    return new CalibrationImages(preparation, limits, chosen);
  }

  List<Path> calibration() {
    return List.copyOf(calibration);
  }

  List<Path> heldOut() {
    return List.copyOf(heldOut);
  }

  /** SHA-256 over the SHA-256 of all images used, in their order. */
  String hash() {
    return hash;
  }

  /** One image as the encoder's input. */
  float[] tensor(Path image) {
    float[] tensor = new float[preparation.tensorLength()];
    try {
      byte[] file = Files.readAllBytes(image);
      preparation.apply(file, decoder.decode(file), tensor);
    } catch (IOException | ImageDecodeException changed) {
      throw new UncheckedIOException(new IOException(image + " cannot be read any more", changed));
    }
    return tensor;
  }

  private static List<Path> listing(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.filter(CalibrationImages::looksLikeAnImage).sorted().toList();
    } catch (IOException unreadable) {
      throw new QuantizationException(
          Reason.TOO_FEW_IMAGES,
          "%s is no folder that can be read; give one with images".formatted(folder));
    }
  }

  private static boolean looksLikeAnImage(Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    return Files.isRegularFile(path)
        && SUFFIXES.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private static boolean isReadable(ImageDecoder decoder, Path image) {
    try {
      decoder.decode(Files.readAllBytes(image));
      return true;
    } catch (IOException | ImageDecodeException unusable) {
      return false;
    }
  }

  private static String sha256(Path image) {
    try {
      return Sha256.of(image);
    } catch (IOException changed) {
      throw new UncheckedIOException(image + " cannot be read any more", changed);
    }
  }
}
