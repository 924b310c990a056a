package dev.likeness.encoders.pull;

import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.Pooling;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What to pull and how.
 *
 * @param encoder one of {@link PublishedEncoder#all}
 * @param from a file or an http address to take the weights from; null for where they are published
 * @param name of the package; null for the encoder's own
 * @param pooling null for the encoder's usual one
 * @param mirrorAverage whether the vector is the mean of the image's and of its mirror image's
 */
public record PullRequest(
    PublishedEncoder encoder,
    @Nullable String from,
    @Nullable EncoderName name,
    @Nullable Pooling pooling,
    boolean mirrorAverage) {

  /** Of the image alone. */
  public PullRequest(
      PublishedEncoder encoder,
      @Nullable String from,
      @Nullable EncoderName name,
      @Nullable Pooling pooling) {
    this(encoder, from, name, pooling, false);
  }

  /** The published weights under the encoder's own name. */
  public static PullRequest of(String encoder) {
    return new PullRequest(PublishedEncoder.require(encoder), null, null, null);
  }

  EncoderName packageName() {
    return name == null ? new EncoderName(encoder.name()) : name;
  }

  Pooling chosenPooling() {
    return pooling == null ? encoder.architecture().poolings().getFirst() : pooling;
  }

  /** The file to read, if it is one. */
  @Nullable Path fromFile() {
    return from == null || isAddress(from) ? null : Path.of(from);
  }

  /** What to download, where it is no file. */
  WeightSource source() {
    return from == null ? encoder.source() : WeightSource.Address.parse(from);
  }

  private static boolean isAddress(String text) {
    return text.regionMatches(true, 0, "http://", 0, 7)
        || text.regionMatches(true, 0, "https://", 0, 8);
  }
}
