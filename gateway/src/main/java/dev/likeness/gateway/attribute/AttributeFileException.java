package dev.likeness.gateway.attribute;

import java.nio.file.Path;

/** A file of attributes that cannot be used; the message says where and how to repair it. */
public final class AttributeFileException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What is wrong with the file as a whole. */
  public AttributeFileException(Path file, String problem) {
    super("'%s' cannot be read as attributes: %s".formatted(file, problem));
  }

  /** What is wrong in one line. */
  AttributeFileException(Path file, int line, String problem) {
    super("'%s', line %d: %s".formatted(file, line, problem));
  }
}
