package dev.likeness.evaluation.competition;

import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.evaluation.file.JsonDocument;
import dev.likeness.evaluation.file.MalformedJsonException;
import org.jspecify.annotations.Nullable;

/**
 * What a server's reply means. Servers known to us answer JSON with {@code accuracy} (or {@code
 * results}), and plain text, also with status 200, when they refuse.
 */
final class ReplyReading {
  private static final int MESSAGE_CHARACTERS = 500;

  private ReplyReading() {}

  static CompetitionReply of(int status, String body) {
    if (status < 200 || status >= 300) {
      return new CompetitionReply.Rejected(status, message(status, body));
    }
    try {
      JsonNode json = JsonDocument.parse(body);
      return json.isObject()
          ? new CompetitionReply.Accepted(accuracy(json), body)
          : new CompetitionReply.Rejected(status, message(status, body));
    } catch (MalformedJsonException _) {
      return new CompetitionReply.Rejected(status, message(status, body));
    }
  }

  private static @Nullable Double accuracy(JsonNode json) {
    JsonNode value = json.hasNonNull("accuracy") ? json.get("accuracy") : json.path("results");
    if (value.isTextual()) {
      try {
        return finite(Double.parseDouble(value.textValue().strip()));
      } catch (NumberFormatException _) {
        return null;
      }
    }
    return value.isNumber() ? finite(value.doubleValue()) : null;
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? (Double) value : null;
  }

  private static String message(int status, String body) {
    String text = body.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    if (text.isEmpty()) {
      return "the server answered status %d without a text".formatted(status);
    }
    return text.length() <= MESSAGE_CHARACTERS ? text : text.substring(0, MESSAGE_CHARACTERS) + "…";
  }
}
