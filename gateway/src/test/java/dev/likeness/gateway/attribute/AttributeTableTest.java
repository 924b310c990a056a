package dev.likeness.gateway.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.gateway.attribute.AttributeValue.Flag;
import dev.likeness.gateway.attribute.AttributeValue.Numeric;
import dev.likeness.gateway.attribute.AttributeValue.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttributeTableTest {

  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("attributes.csv");
  }

  private AttributeTable read(String text) throws IOException {
    return AttributeTable.read(Files.writeString(file(), text));
  }

  private void refuses(String text, String problem) throws IOException {
    Files.writeString(file(), text);
    assertThatThrownBy(() -> AttributeTable.read(file()))
        .isInstanceOf(AttributeFileException.class)
        .hasMessageStartingWith("'" + file() + "'")
        .hasMessageContaining(problem)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
  }

  @Test
  void readsTextsNumbersAndBooleans() throws Exception {
    AttributeTable table =
        read("file,brand,price,sold\na.jpg,acme,19.5,true\nb.jpg,\"Smith, Sons\",-3,FALSE\n");
    assertThat(table.columns())
        .containsExactly(
            new AttributeColumn("brand", AttributeKind.TEXT),
            new AttributeColumn("price", AttributeKind.NUMBER),
            new AttributeColumn("sold", AttributeKind.BOOLEAN));
    assertThat(table.of("a.jpg").values())
        .isEqualTo(
            Map.of("brand", new Text("acme"), "price", new Numeric(19.5), "sold", new Flag(true)));
    assertThat(table.of("b.jpg").values())
        .containsEntry("brand", new Text("Smith, Sons"))
        .containsEntry("sold", new Flag(false));
    assertThat(table.names()).containsExactlyInAnyOrder("a.jpg", "b.jpg");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 2.5 -3e2 .5 | NUMBER",
        "1 x | TEXT",
        "true false | BOOLEAN",
        "true 1 | TEXT",
        "007 8 | TEXT",
        "0 0.5 | NUMBER",
        "123456789012345 | NUMBER",
        "1234567890123456 | TEXT",
        "0.30000000000000004 | NUMBER",
        "1e999 | TEXT",
        "NaN | TEXT",
        "1,5 | TEXT",
      })
  void takesTheFirstKindThatFitsAllValues(String values, AttributeKind kind) throws Exception {
    String[] cells = values.strip().split(" ");
    String rows =
        IntStream.range(0, cells.length)
            .mapToObj(i -> i + ".jpg,\"" + cells[i] + "\"\n")
            .collect(Collectors.joining());
    assertThat(read("file,x\n" + rows + "empty.jpg,\n").columns())
        .containsExactly(new AttributeColumn("x", kind));
  }

  @Test
  void takesTheKindThatIsDemanded() throws Exception {
    AttributeTable table = read("sku:text,file,weight : number\n42,a.jpg,0042\n");
    assertThat(table.of("a.jpg").values())
        .isEqualTo(Map.of("sku", new Text("42"), "weight", new Numeric(42)));
  }

  @Test
  void takesAnEmptyValueForNoValue() throws Exception {
    AttributeTable table = read("file,brand,price\na.jpg,,\"\"\nb.jpg,acme,1\n");
    assertThat(table.of("a.jpg")).isEqualTo(Attributes.NONE);
    assertThat(table.of("none.jpg")).isEqualTo(Attributes.NONE);
  }

  @Test
  void readsWhatSpreadsheetsWrite() throws Exception {
    AttributeTable table =
        read("\uFEFFfile, note\r\n\r\n\"a.jpg\" ,\"two\"\"quotes\"\"\"\r\n  b.jpg , 大 👟 \r\n");
    assertThat(table.of("a.jpg").values()).containsEntry("note", new Text("two\"quotes\""));
    assertThat(table.of("b.jpg").values()).containsEntry("note", new Text("大 👟"));
  }

  @Test
  void saysWhereAndHowToRepairAFile() throws Exception {
    refuses("", "it is empty; its first line names the columns");
    refuses("name,x\na.jpg,1\n", "line 1: no column is named 'file'");
    refuses("file;x\na.jpg;1\n", "separate columns by commas");
    refuses("file,x,x\n", "line 1: two columns are named 'x'");
    refuses("file,,x\n", "line 1: column 2: the name of an attribute is missing");
    refuses("file,x\n\na.jpg,1,2\n", "line 3: it has 3 values, the first line names 2 columns");
    refuses("file,x\n,1\n", "line 2: column 'file': the name of the image file is missing");
    refuses("file,x\na.jpg,1\nb.jpg,2\na.jpg,3\n", "line 4: 'a.jpg' has a line already, line 2");
    refuses("file,x:number\na.jpg,1\nb.jpg,cheap\n", "line 3: column 'x': 'cheap' is no number");
    refuses("file,x:boolean\na.jpg,1\n", "line 2: column 'x': '1' is not true or false");
    refuses("file,x\na.jpg,\"1\nb.jpg,2\n", "line 2: a double quote is opened and never closed");
    refuses("file,x\na.jpg,\"1\"2\n", "line 2: after the closing quote of a value comes '2'");
    refuses("file,x\na.jpg,\"1\n2\"\n", "line 2: column 'x': it has a control character (U+000A)");
    refuses("file,x\na.jpg," + "y".repeat(5000) + "\n", "at most 4096 are kept");
    refuses("file," + "y".repeat(65) + "\n", "line 1: column 2: it has 65 bytes");
    refuses("file" + ",x".repeat(1) + columns(62) + "\n", "at most 62 are kept");
    refuses(
        "file,a,b,c,d,e\na.jpg" + ("," + "y".repeat(4000)).repeat(5) + "\n",
        "line 2: its values take");
    refuses("file,x:number\na.jpg," + "9".repeat(100_000) + "\n", "is no number");
  }

  private static String columns(int count) {
    return IntStream.range(0, count).mapToObj(i -> ",c" + i).collect(Collectors.joining());
  }

  @Test
  void refusesWhatIsNoFileOfText() throws Exception {
    assertThatThrownBy(() -> AttributeTable.read(folder.resolve("absent.csv")))
        .hasMessageContaining("there is no such file");
    assertThatThrownBy(() -> AttributeTable.read(folder)).hasMessageContaining("it is no file");
    Files.write(file(), "file,x\na.jpg,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> AttributeTable.read(file()))
        .hasMessageContaining("line 2: this is no UTF-8");
    try (var large = new java.io.RandomAccessFile(file().toFile(), "rw")) {
      large.setLength((16 << 20) + 1);
    }
    assertThatThrownBy(() -> AttributeTable.read(file())).hasMessageContaining("it has more than");
  }
}
