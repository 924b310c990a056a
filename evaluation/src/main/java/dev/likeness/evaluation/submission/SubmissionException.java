package dev.likeness.evaluation.submission;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A submission that cannot be read or is no valid answer; the message says how to repair it. */
public abstract sealed class SubmissionException extends RuntimeException {
  private SubmissionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Stable word for this kind of fault, for clients; the message may change. */
  public abstract String reason();

  /** The file is absent or cannot be read. */
  public static final class Unreadable extends SubmissionException {
    public Unreadable(Path file, String fault, Throwable cause) {
      super("cannot read the submission '" + file + "': " + fault, cause);
    }

    @Override
    public String reason() {
      return "SUBMISSION_UNREADABLE";
    }
  }

  /** The file is no JSON, or has none of the known forms; the message gives line and entry. */
  public static final class Malformed extends SubmissionException {
    public Malformed(Path file, String fault, @Nullable Throwable cause) {
      super("submission '" + file + "', " + fault, cause);
    }

    @Override
    public String reason() {
      return "SUBMISSION_MALFORMED";
    }
  }

  /** An answer breaks a rule: a repeated name, or a name with folders. */
  public static final class InvalidAnswer extends SubmissionException {
    public InvalidAnswer(String fault) {
      super(fault, null);
    }

    @Override
    public String reason() {
      return "SUBMISSION_INVALID";
    }
  }
}
