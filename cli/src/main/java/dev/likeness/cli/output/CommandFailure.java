package dev.likeness.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** A command that could not do its work, explained for the person who gave it. */
public final class CommandFailure extends RuntimeException {
  private final int exitCode;
  private final String reason;
  private final transient @Nullable ObjectNode partialResult;

  private CommandFailure(
      int exitCode,
      String reason,
      String sentence,
      @Nullable ObjectNode partialResult,
      @Nullable Throwable cause) {
    super(sentence, cause);
    this.exitCode = exitCode;
    this.reason = reason;
    this.partialResult = partialResult;
  }

  /**
   * The work could not be done.
   *
   * @param reason stable word, UPPER_SNAKE_CASE
   * @param sentence what is wrong and how to repair it
   */
  public static CommandFailure failed(String reason, String sentence) {
    return new CommandFailure(ExitCode.FAILED, reason, sentence, null, null);
  }

  /** The same, with the exception that {@code --debug} shows. */
  public static CommandFailure failed(String reason, String sentence, Throwable cause) {
    return new CommandFailure(ExitCode.FAILED, reason, sentence, null, cause);
  }

  /** Some of the work was done: {@code --json} prints the result with the error inside. */
  public static CommandFailure partly(String reason, String sentence, ObjectNode result) {
    return new CommandFailure(ExitCode.FAILED, reason, sentence, result, null);
  }

  /** The command was given wrongly. */
  public static CommandFailure usage(String sentence) {
    return new CommandFailure(ExitCode.USAGE, "INVALID_ARGUMENT", sentence, null, null);
  }

  /** The platform does not answer. */
  public static CommandFailure unreachable(String reason, String sentence, Throwable cause) {
    return new CommandFailure(ExitCode.UNREACHABLE, reason, sentence, null, cause);
  }

  /** One of {@link ExitCode}. */
  public int exitCode() {
    return exitCode;
  }

  /** Stable word, UPPER_SNAKE_CASE. */
  public String reason() {
    return reason;
  }

  /** What is wrong and how to repair it. */
  public String sentence() {
    return String.valueOf(getMessage());
  }

  /** What was done nevertheless; null if nothing. */
  public @Nullable ObjectNode partialResult() {
    return partialResult;
  }
}
