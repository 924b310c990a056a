package dev.likeness.evaluation.truth;

import dev.likeness.evaluation.file.MalformedJsonException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A label file that cannot be used; the message says how to repair it. */
public abstract sealed class TruthException extends RuntimeException {
  private final transient Path file;

  private TruthException(Path file, String message) {
    super(message);
    this.file = file;
  }

  /** The label file. */
  public Path file() {
    return file;
  }

  /** Stable word for this kind of fault, for clients; the message may change. */
  public abstract String reason();

  /** The file is absent or cannot be read. */
  public static final class Unreadable extends TruthException {
    public Unreadable(Path file, IOException cause) {
      super(
          file,
          cause instanceof NoSuchFileException
              ? "there is no label file '" + file + "'"
              : "cannot read the label file '" + file + "': " + cause.getMessage());
      initCause(cause);
    }

    @Override
    public String reason() {
      return "LABELS_UNREADABLE";
    }
  }

  /** The file is no JSON, or JSON of another form. */
  public static final class Malformed extends TruthException {
    private static final String FORMS =
        "; expected {\"query\":{\"file\":\"class\"},\"gallery\":{\"file\":\"class\"}}"
            + " or {\"query file\":[\"gallery file\", …]}";

    public Malformed(Path file, MalformedJsonException cause) {
      super(file, "label file '" + file + "', " + cause.getMessage());
      initCause(cause);
    }

    public Malformed(Path file, String fault) {
      super(file, "label file '" + file + "': " + fault + FORMS);
    }

    @Override
    public String reason() {
      return "LABELS_MALFORMED";
    }
  }

  /** The label file was asked for, and names no image that exists. */
  public static final class NothingMatches extends TruthException {
    public NothingMatches(Path file, String fault) {
      super(
          file,
          "label file '%s' does not belong to these images: %s; give the label file of this data set"
              .formatted(file, fault));
    }

    @Override
    public String reason() {
      return "LABELS_DO_NOT_MATCH";
    }
  }
}
