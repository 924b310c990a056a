package dev.likeness.training.finetune.data;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file with the class it shows.
 *
 * @param style such as photo or sketch, null where unknown; only losses between styles read it
 */
public record LabelledImage(Path path, String className, @Nullable String style) {

  public LabelledImage {
    Objects.requireNonNull(path, "path");
    if (className.isBlank()) {
      throw new IllegalArgumentException("%s has an empty class name".formatted(path));
    }
  }

  public LabelledImage(Path path, String className) {
    this(path, className, null);
  }
}
