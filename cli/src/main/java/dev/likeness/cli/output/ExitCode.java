package dev.likeness.cli.output;

/** Exit codes of every command. */
public final class ExitCode {
  /** It did what it was asked to. */
  public static final int OK = 0;

  /** It could not; the sentence on standard error says why. */
  public static final int FAILED = 1;

  /** It was asked for something that makes no sense. */
  public static final int USAGE = 2;

  /** The platform does not answer. */
  public static final int UNREACHABLE = 3;

  private ExitCode() {}
}
