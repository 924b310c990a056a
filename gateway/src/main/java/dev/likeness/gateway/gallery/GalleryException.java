package dev.likeness.gateway.gallery;

import java.io.IOException;

/** What can be wrong with a request about galleries; messages are written for users. */
public abstract sealed class GalleryException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private GalleryException(String message) {
    super(message);
  }

  private GalleryException(String message, Throwable cause) {
    super(message, cause);
  }

  /** There is no such gallery. */
  public static final class NotFound extends GalleryException {
    private static final long serialVersionUID = 1L;

    /** The name that was asked for. */
    public NotFound(String name) {
      super(
          "there is no gallery '%s'; './likeness gallery list' shows those that exist"
              .formatted(name.length() <= 80 ? name : name.substring(0, 80) + "…"));
    }
  }

  /** The name stands for something else. */
  public static final class Exists extends GalleryException {
    private static final long serialVersionUID = 1L;

    /** The gallery there is. */
    public Exists(Gallery other) {
      super(
          "gallery '%s' exists with the images of '%s', encoder '%s' and %s; update it, remove it first, or take another name"
              .formatted(
                  other.name(),
                  other.imagesPath(),
                  other.encoder(),
                  other.attributesPath() == null
                      ? "no file of attributes"
                      : "attributes '%s'".formatted(other.attributesPath())));
    }
  }

  /** Its first generation is not there yet. */
  public static final class NotMade extends GalleryException {
    private static final long serialVersionUID = 1L;

    /** Its name. */
    public NotMade(String name) {
      super(
          "gallery '%s' is not searchable yet; './likeness gallery list' tells how far it is"
              .formatted(name));
    }
  }

  /** It cannot be written down. */
  public static final class Storage extends GalleryException {
    private static final long serialVersionUID = 1L;

    /** What happened. */
    public Storage(String name, IOException cause) {
      super(
          "gallery '%s' cannot be saved: %s; check the free space and the rights"
              .formatted(name, cause.getMessage()),
          cause);
    }
  }
}
