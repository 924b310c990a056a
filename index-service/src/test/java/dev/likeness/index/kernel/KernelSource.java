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
 * Writes the kernels that exist once for each width of registers, since the compiler makes vector
 * code only where the species is a constant: {@code Tiles512.java} and {@code Tiles256.java}, which
 * must spell out every register as well, from {@code Tiles.java.template}, and {@code
 * GatherScores512.java} and {@code GatherScores256.java}. The main method writes them, {@code
 * KernelSourceTest} compares them.
 *
 * <pre>
 * {BITS} {BYTE_BITS} {LANES}    of a register of floats; of one of bytes with as many lanes
 * {HALF_BITS} {SHORT_LANES}     of a register half as wide; how many shorts fit a whole one
 * {WIDE} {NARROW}               rows of the tiles
 * #wide| line                   the line once for each row of the wide tile, {ROW} from 0
 * #wide+| line                  from 1, with {BEFORE} for the row before; #narrow likewise
 * #| line                       goes on with the group of the line before: both are repeated together
 * </pre>
 */
record KernelSource(String name, int bits, int wideRows, int narrowRows) {

  /** Tiles have as many accumulators as registers allow: 24 and 16 of 32, 12 and 8 of 16. */
  static final List<KernelSource> ALL =
      List.of(
          new KernelSource("Tiles", 512, 12, 16),
          new KernelSource("Tiles", 256, 6, 8),
          new KernelSource("GatherScores", 512, 0, 0),
          new KernelSource("GatherScores", 256, 0, 0));

  private static final String CONTINUED = "#|";

  /** {@code args[0]} is the root of the repository. */
  public static void main(String[] args) throws IOException {
    for (KernelSource source : ALL) {
      Files.writeString(source.path(Path.of(args[0])), source.text());
    }
  }

  /** Where it belongs, below the root of the repository. */
  Path path(Path root) {
    return root.resolve(
        "index-service/src/main/java/dev/likeness/index/kernel/%s%d.java".formatted(name, bits));
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
        .replace("{HALF_BITS}", Integer.toString(bits / 2))
        .replace("{SHORT_LANES}", Integer.toString(bits / Short.SIZE))
        .replace("{BYTE_BITS}", Integer.toString(bits / Float.BYTES))
        .replace("{LANES}", Integer.toString(bits / Float.SIZE))
        .replace("{WIDE}", Integer.toString(wideRows))
        .replace("{NARROW}", Integer.toString(narrowRows));
  }

  private List<String> template() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            KernelSource.class.getResourceAsStream("/kernel/" + name + ".java.template"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
