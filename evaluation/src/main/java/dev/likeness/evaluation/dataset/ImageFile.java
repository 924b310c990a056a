package dev.likeness.evaluation.dataset;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One image of a data set.
 *
 * @param name bare file name, for example {@code q0001.jpg}; what submissions and label files use
 * @param path where the file lies
 * @param className name of the class folder it lies in, null when it lies in none
 */
public record ImageFile(String name, Path path, @Nullable String className) {
  public ImageFile {
    Objects.requireNonNull(path, "path");
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      throw new IllegalArgumentException("an image name is a bare file name, got '" + name + "'");
    }
  }
}
