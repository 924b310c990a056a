package dev.likeness.encoders.jpeg;

/**
 * A file that is damaged or of a kind that is not read here. Which of the two is for the full
 * decoder to say.
 */
final class IrregularFileException extends Exception {

  private static final long serialVersionUID = 1L;

  IrregularFileException(String message) {
    super(message, null, false, false);
  }
}
