package dev.likeness.gateway.attribute;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of images as a file tells them. Its first line names the columns; the column
 * {@value #FILE_COLUMN} holds the file names of the images, each other one an attribute. {@code
 * name:number} demands a kind; else a column is of the first {@link AttributeKind} that fits all
 * its values. An empty value is no value. Immutable.
 *
 * <p>A row is kept as an array, and equal values once, because a file may have many rows.
 */
public final class AttributeTable {

  /** Name of the column of file names. */
  public static final String FILE_COLUMN = "file";

  /** Room is left for what every image carries. */
  public static final int MAX_COLUMNS = Attributes.MAX_COUNT - 2;

  /** No file. */
  public static final AttributeTable EMPTY = new AttributeTable(List.of(), Map.of());

  /** Values that are looked for among the earlier ones; beyond that most are different anyway. */
  private static final int SHARED_VALUES = 10_000;

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
      CsvRows first = new CsvRows(text);
      AttributeHeader header = AttributeHeader.of(file, first.next());
      List<AttributeColumn> columns = header.columns(first);
      CsvRows second = new CsvRows(text);
      var unused = second.next();
      return new AttributeTable(columns, rows(file, header, columns, second));
    } catch (CsvRows.Malformed e) {
      throw new AttributeFileException(file, e.line(), String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, @Nullable AttributeValue[]> rows(
      Path file, AttributeHeader header, List<AttributeColumn> columns, CsvRows source)
      throws CsvRows.Malformed {
    Map<String, @Nullable AttributeValue[]> rows = new HashMap<>();
    Map<String, Integer> lines = new HashMap<>();
    Map<AttributeValue, AttributeValue> shared = new HashMap<>();
    for (var row = source.next(); row.isPresent(); row = source.next()) {
      int line = row.get().line();
      String name = header.fileOf(row.get());
      Integer before = lines.putIfAbsent(name, line);
      if (before != null) {
        throw new AttributeFileException(
            file, line, "'%s' has a line already, line %d; join them".formatted(name, before));
      }
      @Nullable AttributeValue[] values = header.values(row.get(), columns);
      share(values, shared);
      rows.put(name, values);
      int bytes = attributes(columns, values).sizeBytes();
      if (bytes > Attributes.MAX_BYTES) {
        throw new AttributeFileException(
            file,
            line,
            "its values take %d bytes, at most %d are kept for an image; shorten them"
                .formatted(bytes, Attributes.MAX_BYTES));
      }
    }
    return rows;
  }

  private static void share(
      @Nullable AttributeValue[] values, Map<AttributeValue, AttributeValue> shared) {
    for (int i = 0; i < values.length; i++) {
      AttributeValue value = values[i];
      if (value != null) {
        AttributeValue same = shared.get(value);
        values[i] = same == null ? value : same;
        if (same == null && shared.size() < SHARED_VALUES) {
          shared.put(value, value);
        }
      }
    }
  }

  private static Attributes attributes(
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
    return Collections.unmodifiableSet(rows.keySet());
  }

  /** What the line of an image says; nothing if it has none. */
  public Attributes of(String name) {
    @Nullable AttributeValue[] row = rows.get(name);
    return row == null ? Attributes.NONE : attributes(columns, row);
  }
}
