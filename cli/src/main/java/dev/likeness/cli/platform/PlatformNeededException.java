package dev.likeness.cli.platform;

/**
 * The command needs the platform, and its caller has said that it is down. Nothing was written yet:
 * the caller starts the platform and gives the command again.
 */
public final class PlatformNeededException extends RuntimeException {
  /** Says so. */
  public PlatformNeededException() {
    super("this command needs the platform; start it with './likeness up'");
  }
}
