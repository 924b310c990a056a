package dev.likeness.gateway.gallery;

import dev.likeness.evaluation.dataset.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A collection whose vectors may be taken for images that have not changed since they were made.
 *
 * @param collection of the index
 * @param since when its images were looked at first; null if that is not known
 */
record VectorSource(String collection, @Nullable Instant since) {

  /** False if the file was written after its vector may have been made. */
  boolean isFresh(ImageFile image) {
    if (since == null) {
      return true;
    }
    try {
      return Files.getLastModifiedTime(image.path()).toInstant().isBefore(since);
    } catch (IOException e) {
      return false; // who embeds it finds out why
    }
  }
}
