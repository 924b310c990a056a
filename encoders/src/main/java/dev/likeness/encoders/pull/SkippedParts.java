package dev.likeness.encoders.pull;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names what was not imported, by part: a text tower has two hundred tensors. */
final class SkippedParts {

  private static final String COUNTERS = "num_batches_tracked";

  private SkippedParts() {}

  /** One sentence, empty if nothing was skipped. */
  static String describe(List<String> tensors) {
    Map<String, Integer> counts = new TreeMap<>();
    for (String tensor : tensors) {
      counts.merge(part(tensor), 1, Integer::sum);
    }
    if (counts.isEmpty()) {
      return "";
    }
    List<String> parts =
        counts.entrySet().stream()
            .map(entry -> "%s (%d)".formatted(entry.getKey(), entry.getValue()))
            .toList();
    return "left out, not part of the image encoder: " + String.join(", ", parts);
  }

  private static String part(String tensor) {
    if (tensor.endsWith(COUNTERS)) {
      return COUNTERS;
    }
    int dot = tensor.indexOf('.');
    return dot < 0 ? tensor : tensor.substring(0, dot);
  }
}
