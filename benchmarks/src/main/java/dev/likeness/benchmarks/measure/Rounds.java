package dev.likeness.benchmarks.measure;

import picocli.CommandLine.Option;

/** The options that every benchmark has; a picocli mixin. */
public final class Rounds {

  @Option(
      names = "--rounds",
      defaultValue = "9",
      description = "Rounds that count (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      defaultValue = "3",
      description = "Rounds before them (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--json", description = "Print one JSON object as the last line.")
  private boolean json;

  /** The comparison as it was asked for. */
  public Comparison comparison() {
    return new Comparison(warmUp, rounds);
  }

  /** Whether a JSON object is wanted. */
  public boolean json() {
    return json;
  }
}
