package dev.likeness.encoders.preprocess;

import java.util.Arrays;
import java.util.Locale;

/** Which way up an image is taken. */
public enum Orientation {
  /** As the pixels lie in the file, as the loaders do that published networks were trained with. */
  STORED,
  /** As the camera was held, by EXIF tag 0x0112. */
  EXIF;

  /**
   * @param text empty for {@link #STORED}
   * @throws IllegalArgumentException if it is none of stored, exif
   */
  public static Orientation parse(String text) {
    if (text.isEmpty()) {
      return STORED;
    }
    return Arrays.stream(values())
        .filter(orientation -> orientation.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "orientation is one of stored, exif; got '" + text + "'"));
  }
}
