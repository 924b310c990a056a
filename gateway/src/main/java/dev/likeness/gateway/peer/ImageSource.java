package dev.likeness.gateway.peer;

import java.util.Optional;

/** Images one after the other; each is read when it is asked for, so that few are in memory. */
public interface ImageSource {

  /** The next image, empty at the end. */
  Optional<ImageBytes> next();

  /** An encoded image file with its name. The array is handed over, not copied. */
  final class ImageBytes {
    private final String name;
    private final byte[] content;

    /** Takes the array over. */
    public ImageBytes(String name, byte[] content) {
      this.name = name;
      this.content = content;
    }

    /** Name of the image. */
    public String name() {
      return name;
    }

    /** The file; not to be changed. */
    public byte[] content() {
      return content;
    }
  }
}
