package dev.likeness.evaluation.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The images of a competition. Immutable; safe for use by several threads.
 *
 * @param root real path of the folder that was read
 * @param query images that are asked about, sorted by name, never empty
 * @param gallery images that are searched, sorted by name, never empty
 * @param training labelled images, sorted by class and name, empty when there is no such folder
 */
public record Dataset(
    Path root, List<ImageFile> query, List<ImageFile> gallery, List<ImageFile> training) {
  public Dataset {
    Objects.requireNonNull(root, "root");
    query = List.copyOf(query);
    gallery = List.copyOf(gallery);
    training = List.copyOf(training);
  }

  /**
   * The dataset hash: SHA-256 in lower-case hex over every image's part, class, name, size and
   * bytes in the order of this record. It does not depend on where the folder lies, on file times
   * or on files that are no images. Reads every file once, in pieces of 64 KiB.
   *
   * @throws DatasetException.Unreadable if a file cannot be read
   */
  public String hash() {
    return DatasetHash.of(this);
  }

  /** The names of the training classes, sorted. */
  public SortedSet<String> trainingClasses() {
    SortedSet<String> classes = new TreeSet<>();
    for (ImageFile image : training) {
      if (image.className() != null) {
        classes.add(image.className());
      }
    }
    return classes;
  }
}
