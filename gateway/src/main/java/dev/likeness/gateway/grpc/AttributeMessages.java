package dev.likeness.gateway.grpc;

import dev.likeness.gateway.attribute.AttributeValue;
import dev.likeness.gateway.attribute.Attributes;
import dev.likeness.gateway.run.InvalidRequestException;
import dev.likeness.index.v1.PayloadValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Attributes: payloads of the index on the wire. */
final class AttributeMessages {

  private AttributeMessages() {}

  static Map<String, PayloadValue> messages(Attributes attributes) {
    Map<String, PayloadValue> messages = new LinkedHashMap<>();
    attributes.values().forEach((name, value) -> messages.put(name, message(value)));
    return messages;
  }

  static PayloadValue message(AttributeValue value) {
    PayloadValue.Builder message = PayloadValue.newBuilder();
    return switch (value) {
      case AttributeValue.Text(String text) -> message.setStringValue(text).build();
      case AttributeValue.Numeric(double number) -> message.setNumberValue(number).build();
      case AttributeValue.Flag(boolean flag) -> message.setBoolValue(flag).build();
    };
  }

  /** What the index answers; other callers may have written it. */
  static Attributes attributes(Map<String, PayloadValue> messages) {
    if (messages.isEmpty()) {
      return Attributes.NONE;
    }
    TreeMap<String, AttributeValue> attributes = new TreeMap<>();
    messages.forEach((name, message) -> attributes.put(name, value(name, message)));
    return new Attributes(attributes);
  }

  /**
   * @param name of the attribute, for the message
   * @throws InvalidRequestException if it has no kind, or its value breaks a rule
   */
  static AttributeValue value(String name, PayloadValue message) {
    try {
      return switch (message.getKindCase()) {
        case STRING_VALUE -> new AttributeValue.Text(message.getStringValue());
        case NUMBER_VALUE -> new AttributeValue.Numeric(message.getNumberValue());
        case BOOL_VALUE -> new AttributeValue.Flag(message.getBoolValue());
        case KIND_NOT_SET ->
            throw new IllegalArgumentException("it has no kind; set a text, a number or a boolean");
      };
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          "filter", "the filter's value of '%s': %s".formatted(shown(name), e.getMessage()));
    }
  }

  private static String shown(String name) {
    return name.length() <= 80 ? name : name.substring(0, 80) + "…";
  }
}
