package dev.likeness.gateway.attribute;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of images as a file tells them. Its first line names the columns; the column
 * {@value #FILE_COLUMN} holds the file names of the images, each other one an attribute. {@code
 * name:number} demands a kind; else a column is of the first {@link AttributeKind} that fits all its
 * values. An empty value is no value.
 *
 * <p>A row is kept as an array, its equal texts once, because a file may have a million of them.
 */
public final class AttributeTable {

  /** Name of the column of file names. */
  public static final String FILE_COLUMN = "file";

  /** No file. */
  public static final AttributeTable EMPTY = new AttributeTable(List.of(), Map.of());

  private final List<AttributeColumn> columns;
  private final Map<String, @Nullable AttributeValue[]> rows;

  private AttributeTable(
      List<AttributeColumn> columns, Map<String, @Nullable AttributeValue[]> rows) {
    this.columns = List.copyOf(columns);
    this.rows = rows;
  }

  /**
   * Reads a file.
   *
   * @throws AttributeFileException if it breaks a rule
   */
  public static AttributeTable read(Path file) {
    String text = AttributeText.read(file);
    try {
      AttributeHeader header = AttributeHeader.of(file, new CsvRows(text));
      return new AttributeTable(header.columnsOf(text), rows(file, header, text));
    } catch (CsvRows.Malformed e) {
      throw new AttributeFileException(file, e.line(), String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, @Nullable AttributeValue[]> rows(
      Path file, AttributeHeader header, String text) throws CsvRows.Malformed {
    Map<String, @Nullable AttributeValue[]> rows = new HashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    Map<AttributeValue, AttributeValue> known = new HashMap<>();
    List<AttributeColumn> columns = header.columnsOf(text);
    CsvRows cells = header.rowsAfter(text);
    for (var row = cells.next(); row.isPresent(); row = cells.next()) {
      int line = row.get().line();
      String name = header.fileOf(row.get());
      Integer before = lines.putIfAbsent(name, line);
      if (before != null) {
        throw new AttributeFileException(
            file,
            line,
            "'%s' has a line already, line %d; join them".formatted(name, before));
      }
      @Nullable AttributeValue[] values = header.values(row.get(), columns);
      for (int i = 0; i < values.length; i++) {
        AttributeValue value = values[i];
        if (value != null) {
          AttributeValue same = known.putIfAbsent(value, value);
          values[i] = same == null ? value : same;
        }
      }
      requireSize(file, line, of(columns, values));
      rows.put(name, values);
    }
    return rows;
  }

  private static void requireSize(Path file, int line, Attributes attributes) {
    if (attributes.sizeBytes() > Attributes.MAX_BYTES) {
      throw new AttributeFileException(
          file,
          line,
          "its values take %d bytes, at most %d are kept for an image; shorten them"
              .formatted(attributes.sizeBytes(), Attributes.MAX_BYTES));
    }
  }

  private static Attributes of(
      List<AttributeColumn> columns, @Nullable AttributeValue[] row) {
    Map<String, AttributeValue> values = new TreeMap<>();
    for (int i = 0; i < row.length; i++) {
      AttributeValue value = row[i];
      if (value != null) {
        values.put(columns.get(i).name(), value);
      }
    }
    return Attributes.of(values);
  }

  /** The columns but that of the file names. */
  public List<AttributeColumn> columns() {
    return columns;
  }

  /** The file names that have a line. */
  public Set<String> names() {
    return Set.copyOf(new ArrayList<>(rows.keySet()));
  }

  /** What the line of an image says; nothing if it has none. */
  public Attributes of(String name) {
    @Nullable AttributeValue[] row = rows.get(name);
    return row == null ? Attributes.NONE : of(columns, row);
  }
}
