package dev.likeness.trainer.job;

/** Keeps what came from outside short enough for a message. */
final class Abbreviation {

  private static final int LONGEST = 80;

  private Abbreviation() {}

  static String of(String text) {
    return of(text, LONGEST);
  }

  static String of(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
  }
}
