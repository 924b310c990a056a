package dev.likeness.cli.command;

import dev.likeness.cli.output.CommandFailure;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Several encoders, and their weights, in one argument. */
final class EncoderNames {
  private static final int LARGEST = 8;

  private EncoderNames() {}

  /** Names between separators, 2 to 8, each once. */
  static List<String> of(String option, String text, String separator) {
    List<String> names =
        Arrays.stream(text.split(Pattern.quote(separator), -1)).map(String::strip).toList();
    if (names.stream().anyMatch(String::isEmpty)
        || names.size() < 2
        || names.size() > LARGEST
        || new LinkedHashSet<>(names).size() < names.size()) {
      throw CommandFailure.usage(
          "%s needs 2 to %d different names such as resnet50%svit-b16, not '%s'"
              .formatted(option, LARGEST, separator, text));
    }
    return names;
  }

  /** One positive weight for each name; none if none are given. */
  static List<Double> weights(@Nullable String text, int count) {
    if (text == null) {
      return List.of();
    }
    try {
      List<Double> weights =
          Arrays.stream(text.split(",", -1)).map(part -> Double.valueOf(part.strip())).toList();
      if (weights.size() == count && weights.stream().allMatch(w -> w > 0 && w <= 1e6)) {
        return weights;
      }
    } catch (NumberFormatException _) {
      // the same answer as for numbers that cannot be weights
    }
    throw CommandFailure.usage(
        "--weights must be %d positive numbers such as %s, not '%s'"
            .formatted(count, "2" + ",1".repeat(count - 1), text));
  }
}
