package dev.likeness.gateway.gallery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The images of a gallery as one encoder version sees them.
 *
 * @param collection of the index
 * @param fingerprint of the encoder version
 * @param encoderVersion from 1
 * @param images with a vector so far
 * @param leftOut images that cannot be embedded
 * @param total images in the folder when it was begun
 * @param switchTime when the alias was switched to it; null before
 */
public record Generation(
    String collection,
    String fingerprint,
    int encoderVersion,
    long images,
    long leftOut,
    long total,
    @Nullable Instant switchTime) {

  Generation filled(long withVector, long without) {
    return new Generation(
        collection, fingerprint, encoderVersion, withVector, without, total, switchTime);
  }

  Generation switched(Instant now) {
    return new Generation(collection, fingerprint, encoderVersion, images, leftOut, total, now);
  }
}
