package dev.likeness.gateway.rest;

import dev.likeness.gateway.run.InvalidRequestException;

/** Numbers in the address of a request. */
final class WholeNumber {

  private WholeNumber() {}

  /**
   * The number.
   *
   * @throws InvalidRequestException if it is none
   */
  static int of(String name, String text) {
    try {
      return text.isEmpty() ? 0 : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException(
          name, "%s must be a whole number, got '%s'".formatted(name, text));
    }
  }
}
