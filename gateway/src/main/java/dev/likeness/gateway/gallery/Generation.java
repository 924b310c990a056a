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
 * @param revision how often the gallery had been updated
 * @param beginTime when its images were looked at; null if that is not known
 * @param attributes how the file of attributes fits; null if there was none
 */
public record Generation(
    String collection,
    String fingerprint,
    int encoderVersion,
    long images,
    long leftOut,
    long total,
    @Nullable Instant switchTime,
    long revision,
    @Nullable Instant beginTime,
    @Nullable AttributeReport attributes) {

  Generation filled(long withVector, long without) {
    return new Generation(
        collection,
        fingerprint,
        encoderVersion,
        withVector,
        without,
        total,
        switchTime,
        revision,
        beginTime,
        attributes);
  }

  /**
   * It is complete and searched.
   *
   * @param begin when the images were looked at
   */
  Generation switched(Instant begin, Instant now) {
    return new Generation(
        collection,
        fingerprint,
        encoderVersion,
        images,
        leftOut,
        total,
        now,
        revision,
        begin,
        attributes);
  }

  VectorSource source() {
    return new VectorSource(collection, beginTime);
  }
}
