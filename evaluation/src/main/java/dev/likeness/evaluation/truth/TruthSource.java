package dev.likeness.evaluation.truth;

/** Where the right answers come from; the first one found wins. */
public enum TruthSource {
  /** A label file. */
  LABELS_FILE("label file"),
  /** Class folders below query and gallery. */
  CLASS_FOLDERS("class folders"),
  /** File names of the form {@code Identity__file.jpg}. */
  NAME_PREFIXES("file name prefixes");

  private final String text;

  TruthSource(String text) {
    this.text = text;
  }

  /** Words for a person. */
  public String text() {
    return text;
  }
}
