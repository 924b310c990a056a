package dev.likeness.gateway.gallery;

import dev.likeness.gateway.attribute.AttributeColumn;
import java.util.List;

/**
 * How a file of attributes and the images of a gallery fit together.
 *
 * @param columns of the file
 * @param described images that have a line
 * @param undescribed images that have none
 * @param unknown lines of names that no image has
 * @param undescribedNames the first {@value #SHOWN} images without a line
 * @param unknownNames the first {@value #SHOWN} names that no image has
 */
public record AttributeReport(
    List<AttributeColumn> columns,
    long described,
    long undescribed,
    long unknown,
    List<String> undescribedNames,
    List<String> unknownNames) {

  static final int SHOWN = 10;

  /** Copies the lists. */
  public AttributeReport {
    columns = List.copyOf(columns);
    undescribedNames = List.copyOf(undescribedNames);
    unknownNames = List.copyOf(unknownNames);
  }
}
