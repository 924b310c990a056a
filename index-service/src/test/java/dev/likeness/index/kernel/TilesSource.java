package dev.likeness.index.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Writes {@code Tiles512.java} and {@code Tiles256.java}, which must spell out every register, from
 * {@code Tiles.java.template}: the main method writes them, {@code TilesSourceTest} compares them.
 *
 * <pre>
 * {BITS} {BYTE_BITS} {LANES}    of a register of floats; of one of bytes with as many lanes
 * {WIDE} {NARROW}               rows of the tiles
 * #wide| line                   the line once for each row of the wide tile, {ROW} from 0
 * #wide+| line                  from 1, with {BEFORE} for the row before; #narrow likewise
 * #| line                       goes on with the group of the line before: both are repeated together
 * </pre>
 */
record TilesSource(int bits, int wideRows, int narrowRows) {

  /** As many accumulators as registers allow: 24 and 16 of 32, 12 and 8 of 16. */
  static final List<TilesSource> ALL =
      List.of(new TilesSource(512, 12, 16), new TilesSource(256, 6, 8));

  private static final String CONTINUED = "#|";

  /** {@code args[0]} is the root of the repository. */
  public static void main(String[] args) throws IOException {
    for (TilesSource tiles : ALL) {
      Files.writeString(tiles.path(Path.of(args[0])), tiles.text());
    }
  }

  /** Where it belongs, below the root of the repository. */
  Path path(Path root) {
    return root.resolve(
        "index-service/src/main/java/dev/likeness/index/kernel/Tiles%d.java".formatted(bits));
  }

  String text() throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> lines = template();
    int at = 0;
    while (at < lines.size()) {
      List<String> group = new ArrayList<>(List.of(lines.get(at++)));
      while (at < lines.size() && lines.get(at).startsWith(CONTINUED)) {
        group.add(lines.get(at++).substring(CONTINUED.length()));
      }
      append(text, group);
    }
    return text.toString();
  }

  private void append(StringBuilder text, List<String> group) {
    String first = group.getFirst();
    if (!first.startsWith("#")) {
      text.append(filled(first)).append('\n');
      return;
    }
    String repetition = first.substring(1, first.indexOf('|'));
    group.set(0, first.substring(first.indexOf('|') + 1));
    int rows = repetition.startsWith("wide") ? wideRows : narrowRows;
    for (int row = repetition.endsWith("+") ? 1 : 0; row < rows; row++) {
      for (String line : group) {
        String filled = filled(line).replace("{ROW}", Integer.toString(row));
        text.append(filled.replace("{BEFORE}", Integer.toString(row - 1))).append('\n');
      }
    }
  }

  private String filled(String line) {
    return line.replace("{BITS}", Integer.toString(bits))
        .replace("{BYTE_BITS}", Integer.toString(bits / Float.BYTES))
        .replace("{LANES}", Integer.toString(bits / Float.SIZE))
        .replace("{WIDE}", Integer.toString(wideRows))
        .replace("{NARROW}", Integer.toString(narrowRows));
  }

  private static List<String> template() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            TilesSource.class.getResourceAsStream("/kernel/Tiles.java.template"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
