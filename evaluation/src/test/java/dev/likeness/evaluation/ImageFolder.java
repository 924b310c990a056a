package dev.likeness.evaluation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Builds small data folders; a file's content is its own path. */
public final class ImageFolder {
  private final Path root;

  public ImageFolder(Path root) {
    this.root = root;
  }

  public ImageFolder with(String... paths) {
    for (String path : List.of(paths)) {
      text(path, path);
    }
    return this;
  }

  public ImageFolder text(String path, String text) {
    try {
      Path file = root.resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  public Path path() {
    return root;
  }
}
