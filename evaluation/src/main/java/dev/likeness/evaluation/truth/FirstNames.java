package dev.likeness.evaluation.truth;

import java.util.List;
import java.util.stream.Collectors;

/** How many names there are, and the first five of them. */
final class FirstNames {
  private static final int SHOWN = 5;

  private FirstNames() {}

  static String of(List<String> names) {
    String first =
        names.stream().limit(SHOWN).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
    return "%d (%s%s)".formatted(names.size(), first, names.size() > SHOWN ? ", …" : "");
  }
}
