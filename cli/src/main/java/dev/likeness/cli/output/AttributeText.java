package dev.likeness.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.likeness.gateway.v1.FoundImage;
import dev.likeness.index.v1.PayloadValue;
import java.util.Map;
import java.util.TreeMap;

/** What is known of an image that was found, as text and as JSON. */
public final class AttributeText {

  /** The file's name is the image's id, which is shown anyway. */
  private static final String FILE = "file";

  private AttributeText() {}

  /** The attributes behind two spaces, by name; empty if there are none. */
  public static String line(FoundImage image) {
    StringBuilder line = new StringBuilder();
    new TreeMap<>(image.getAttributesMap())
        .forEach(
            (name, value) -> {
              if (!name.equals(FILE) || !value.getStringValue().equals(image.getId())) {
                line.append("  ").append(name).append('=').append(text(value));
              }
            });
    return line.toString();
  }

  private static String text(PayloadValue value) {
    return switch (value.getKindCase()) {
      case STRING_VALUE -> value.getStringValue();
      case NUMBER_VALUE -> number(value.getNumberValue());
      case BOOL_VALUE -> String.valueOf(value.getBoolValue());
      case KIND_NOT_SET -> "?";
    };
  }

  private static String number(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.valueOf((long) number)
        : String.valueOf(number);
  }

  /** Adds the attributes to what is said of an image. */
  public static void put(ObjectNode image, FoundImage found) {
    ObjectNode json = image.putObject("attributes");
    for (Map.Entry<String, PayloadValue> entry :
        new TreeMap<>(found.getAttributesMap()).entrySet()) {
      PayloadValue value = entry.getValue();
      switch (value.getKindCase()) {
        case STRING_VALUE -> json.put(entry.getKey(), value.getStringValue());
        case NUMBER_VALUE -> json.put(entry.getKey(), value.getNumberValue());
        case BOOL_VALUE -> json.put(entry.getKey(), value.getBoolValue());
        case KIND_NOT_SET -> json.putNull(entry.getKey());
      }
    }
  }
}
