package dev.likeness.index.storage;

import java.io.IOException;

/** Bytes that were acknowledged as durable cannot be read back. */
public final class LogDamagedException extends IOException {

  private final long offset;

  /**
   * @param offset byte of the file where the damage was noticed
   */
  public LogDamagedException(String file, long offset, String finding) {
    super("%s at byte %d of %s".formatted(finding, offset, file));
    this.offset = offset;
  }

  public long offset() {
    return offset;
  }
}
