package dev.likeness.gateway.run;

import java.nio.file.Path;

/** A file that a run has written is gone. */
public final class RunOutputMissingException extends RunException {

  private static final long serialVersionUID = 1L;

  /**
   * @param file where it was written
   */
  public RunOutputMissingException(Path file) {
    super("'%s' was written by the run and cannot be read any more; run it again".formatted(file));
  }
}
