package dev.likeness.trainer.dataset;

import dev.likeness.encoders.store.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * Which images there are, 16 bytes for each: a hash of where it lies, and a hash of its name, size
 * and time of change. No image is read. What has the same two hashes is taken for the same image;
 * with 500,000 images, the chance that two places share a hash is 1 in 10⁸.
 *
 * <p>Immutable.
 */
public final class ImageStamps {

  /** Bytes of an image. */
  public static final int BYTES_PER_IMAGE = 2 * Long.BYTES;

  private final long[] places;
  private final long[] files;

  private ImageStamps(long[] places, long[] files) {
    this.places = places;
    this.files = files;
  }

  /**
   * An image as it lies there.
   *
   * @param place its path below the data set, with its class
   * @param name bare file name
   * @param size bytes of the file
   * @param changeMillis when the file was changed, milliseconds since 1970
   */
  public record ImageFact(String place, String name, long size, long changeMillis) {

    private Stamp stamp() {
      return new Stamp(hash(place), hash(name + "\n" + size + "\n" + changeMillis));
    }
  }

  private record Stamp(long place, long file) {}

  /** The stamps of images, whatever their order. */
  public static ImageStamps of(Collection<ImageFact> images) {
    List<Stamp> stamps =
        images.stream()
            .map(ImageFact::stamp)
            .sorted(Comparator.comparingLong(Stamp::place).thenComparingLong(Stamp::file))
            .toList();
    return new ImageStamps(
        stamps.stream().mapToLong(Stamp::place).toArray(),
        stamps.stream().mapToLong(Stamp::file).toArray());
  }

  /** What {@link #bytes()} gave. */
  public static ImageStamps of(byte[] bytes) {
    if (bytes.length % BYTES_PER_IMAGE != 0) {
      throw new IllegalArgumentException(
          "stamps have %d bytes each, got %d bytes".formatted(BYTES_PER_IMAGE, bytes.length));
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long[] places = new long[bytes.length / BYTES_PER_IMAGE];
    long[] files = new long[places.length];
    for (int i = 0; i < places.length; i++) {
      places[i] = buffer.getLong();
      files[i] = buffer.getLong();
    }
    return new ImageStamps(places, files);
  }

  /** Place and file of each image, big-endian, sorted by place. */
  public byte[] bytes() {
    ByteBuffer buffer = ByteBuffer.allocate(places.length * BYTES_PER_IMAGE);
    for (int i = 0; i < places.length; i++) {
      buffer.putLong(places[i]).putLong(files[i]);
    }
    return buffer.array();
  }

  /** How many images there are. */
  public int count() {
    return places.length;
  }

  /**
   * How many images are another than before: new, gone, another file at the same place, or the same
   * file in another folder, which counts once.
   */
  public long changesSince(ImageStamps before) {
    long[] gone = new long[before.count()];
    long[] fresh = new long[count()];
    int goneCount = 0;
    int freshCount = 0;
    long replaced = 0;
    int i = 0;
    int j = 0;
    while (i < before.count() || j < count()) {
      if (j == count() || (i < before.count() && before.places[i] < places[j])) {
        gone[goneCount++] = before.files[i++];
      } else if (i == before.count() || places[j] < before.places[i]) {
        fresh[freshCount++] = files[j++];
      } else {
        replaced += before.files[i++] == files[j++] ? 0 : 1;
      }
    }
    return replaced
        + goneCount
        + freshCount
        - inBoth(Arrays.copyOf(gone, goneCount), Arrays.copyOf(fresh, freshCount));
  }

  private static long inBoth(long[] one, long[] other) {
    Arrays.sort(one);
    Arrays.sort(other);
    long matches = 0;
    int i = 0;
    int j = 0;
    while (i < one.length && j < other.length) {
      if (one[i] < other[j]) {
        i++;
      } else if (one[i] > other[j]) {
        j++;
      } else {
        matches++;
        i++;
        j++;
      }
    }
    return matches;
  }

  private static long hash(String text) {
    String hex = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.fromHexDigitsToLong(hex, 0, 2 * Long.BYTES);
  }
}
