package dev.likeness.gateway.attribute;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a file of attributes, and what its columns turn out to be.
 *
 * @param file the file, for messages
 * @param names the columns in their order
 * @param demanded the kinds that the line asks for; null to find out
 * @param fileColumn which column has the names of the image files
 */
record AttributeHeader(
    Path file, List<String> names, List<@Nullable AttributeKind> demanded, int fileColumn) {

  /**
   * @throws AttributeFileException if a name breaks a rule, or there is no column of file names
   */
  static AttributeHeader of(Path file, Optional<CsvRows.Row> first) {
    if (first.isEmpty()) {
      throw new AttributeFileException(
          file, "it is empty; its first line names the columns, e.g. file,brand,price");
    }
    int line = first.get().line();
    List<String> names = new ArrayList<>();
    List<@Nullable AttributeKind> demanded = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String cell : first.get().cells()) {
      int colon = cell.lastIndexOf(':');
      Optional<AttributeKind> kind = AttributeKind.named(cell.substring(colon + 1).strip());
      String name = colon > 0 && kind.isPresent() ? cell.substring(0, colon).strip() : cell;
      try {
        Attributes.requireName(name);
      } catch (IllegalArgumentException e) {
        throw new AttributeFileException(
            file, line, "column %d: %s".formatted(names.size() + 1, e.getMessage()));
      }
      if (!seen.add(name)) {
        throw new AttributeFileException(
            file, line, "two columns are named '%s'; rename one".formatted(name));
      }
      names.add(name);
      demanded.add(colon > 0 ? kind.orElse(null) : null);
    }
    return new AttributeHeader(file, names, demanded, fileColumn(file, line, names));
  }

  private static int fileColumn(Path file, int line, List<String> names) {
    int column = names.indexOf(AttributeTable.FILE_COLUMN);
    if (column < 0) {
      throw new AttributeFileException(
          file,
          line,
          "no column is named 'file'; name the one of the image files so, and separate columns by commas");
    }
    if (names.size() > AttributeTable.MAX_COLUMNS) {
      throw new AttributeFileException(
          file,
          line,
          "it names %d columns, at most %d are kept; leave some out"
              .formatted(names.size(), AttributeTable.MAX_COLUMNS));
    }
    return column;
  }

  /** The attributes: all columns but that of the file names. */
  List<AttributeColumn> columns(CsvRows rows) throws CsvRows.Malformed {
    List<EnumSet<AttributeKind>> possible = new ArrayList<>();
    names.forEach(_ -> possible.add(EnumSet.allOf(AttributeKind.class)));
    boolean[] hasValues = new boolean[names.size()];
    for (var row = rows.next(); row.isPresent(); row = rows.next()) {
      List<String> cells = cells(row.get());
      for (int i = 0; i < cells.size(); i++) {
        String cell = cells.get(i);
        if (!cell.isEmpty()) {
          hasValues[i] = true;
          possible.get(i).removeIf(kind -> !kind.fits(cell));
        }
      }
    }
    List<AttributeColumn> columns = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (i != fileColumn) {
        AttributeKind kind = demanded.get(i);
        AttributeKind found = hasValues[i] ? possible.get(i).iterator().next() : AttributeKind.TEXT;
        columns.add(new AttributeColumn(names.get(i), kind == null ? found : kind));
      }
    }
    return columns;
  }

  /** The name of the image file that a row is about. */
  String fileOf(CsvRows.Row row) {
    String name = cells(row).get(fileColumn);
    if (name.isEmpty()) {
      throw new AttributeFileException(
          file, row.line(), "column 'file': the name of the image file is missing");
    }
    return name;
  }

  /** The values of a row in the order of the columns; null where there is none. */
  @Nullable AttributeValue[] values(CsvRows.Row row, List<AttributeColumn> columns) {
    @Nullable AttributeValue[] values = new AttributeValue[columns.size()];
    for (int i = 0; i < values.length; i++) {
      String cell = cells(row).get(i < fileColumn ? i : i + 1);
      try {
        values[i] = cell.isEmpty() ? null : columns.get(i).kind().value(cell);
      } catch (IllegalArgumentException e) {
        throw new AttributeFileException(
            file, row.line(), "column '%s': %s".formatted(columns.get(i).name(), e.getMessage()));
      }
    }
    return values;
  }

  private List<String> cells(CsvRows.Row row) {
    if (row.cells().size() != names.size()) {
      throw new AttributeFileException(
          file,
          row.line(),
          "it has %d values, the first line names %d columns; put a value with a comma in double quotes"
              .formatted(row.cells().size(), names.size()));
    }
    return row.cells();
  }
}
