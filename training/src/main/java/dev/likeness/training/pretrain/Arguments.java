package dev.likeness.training.pretrain;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code ./likeness pretrain} is asked for.
 *
 * @param out folder for images, checkpoints and the weights
 * @param recipe how to train
 * @param threads at least 1; others give other roundings and so other weights
 */
record Arguments(Path out, Recipe recipe, int threads) {

  private static final String USAGE =
      "usage: likeness pretrain --out DIR [--identities N] [--images N] [--epochs N] [--seed N] [--threads N]";
  private static final int THREADS = 2;
  private static final List<String> NAMES =
      List.of("--out", "--identities", "--images", "--epochs", "--seed", "--threads");

  /**
   * @throws IllegalArgumentException if they make no sense; the message says what would
   */
  static Arguments parse(String... arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      String name = arguments[i];
      if (!NAMES.contains(name)) {
        throw new IllegalArgumentException("there is no option '%s'%n%s".formatted(name, USAGE));
      }
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException("%s has no value%n%s".formatted(name, USAGE));
      }
      given.put(name, arguments[i + 1]);
    }
    String out = given.get("--out");
    if (out == null) {
      throw new IllegalArgumentException("--out is missing%n%s".formatted(USAGE));
    }
    Recipe usual = Recipe.DEFAULT;
    return new Arguments(
        Path.of(out).toAbsolutePath(),
        new Recipe(
            (int) number(given, "--identities", usual.identities(), Recipe.FEWEST_IDENTITIES, 2000),
            (int) number(given, "--images", usual.imagesPerIdentity(), 4, 1000),
            (int) number(given, "--epochs", usual.epochs(), 1, 1000),
            number(given, "--seed", usual.seed(), Long.MIN_VALUE, Long.MAX_VALUE)),
        (int) number(given, "--threads", THREADS, 1, 1024));
  }

  /** The command that asks for the same. */
  String command() {
    return "likeness pretrain --identities %d --images %d --epochs %d --seed %d --threads %d"
        .formatted(
            recipe.identities(),
            recipe.imagesPerIdentity(),
            recipe.epochs(),
            recipe.seed(),
            threads);
  }

  private static long number(
      Map<String, String> given, String name, long usual, long least, long most) {
    String text = given.get(name);
    if (text == null) {
      return usual;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException noNumber) {
      // Told below, like a number out of range.
    }
    throw new IllegalArgumentException(
        "%s is a whole number from %d to %d, got '%s'".formatted(name, least, most, text));
  }
}
