package dev.likeness.gateway.run;

import java.nio.file.Path;

/** The directory of the runs cannot be read or written. */
public final class RunStorageException extends RunException {

  private static final long serialVersionUID = 1L;

  /**
   * @param path what could not be read or written
   * @param cause why
   */
  public RunStorageException(Path path, Throwable cause) {
    super(
        "cannot read or write '%s'; check the disk's free space and the permissions"
            .formatted(path),
        cause);
  }
}
