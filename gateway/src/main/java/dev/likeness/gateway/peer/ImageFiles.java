package dev.likeness.gateway.peer;

import dev.likeness.evaluation.dataset.ImageFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Image files, each read when its turn comes; those that cannot be read are reported. */
public final class ImageFiles implements ImageSource {

  private final Iterator<ImageFile> files;
  private final long maxBytes;
  private final BiConsumer<String, String> unreadable;

  /**
   * @param maxBytes larger files are not read
   * @param unreadable told name and reason of each file that cannot be sent
   */
  public ImageFiles(List<ImageFile> files, long maxBytes, BiConsumer<String, String> unreadable) {
    this.files = files.iterator();
    this.maxBytes = maxBytes;
    this.unreadable = unreadable;
  }

  @Override
  public Optional<ImageBytes> next() {
    while (files.hasNext()) {
      ImageFile file = files.next();
      try {
        long size = Files.size(file.path());
        if (size <= maxBytes) {
          return Optional.of(new ImageBytes(file.name(), Files.readAllBytes(file.path())));
        }
        unreadable.accept(
            file.name(), "it has %d bytes, at most %d are sent".formatted(size, maxBytes));
      } catch (IOException e) {
        unreadable.accept(file.name(), "the file cannot be read");
      }
    }
    return Optional.empty();
  }
}
