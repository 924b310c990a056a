package dev.likeness.benchmarks.measure;

import java.util.List;

/**
 * What a {@link Comparison} found.
 *
 * @param warmUpRounds rounds before those that count
 * @param rounds rounds that count
 * @param lines one per contender, in their order
 */
public record ComparisonResult(int warmUpRounds, int rounds, List<Line> lines) {

  public ComparisonResult {
    lines = List.copyOf(lines);
  }

  /**
   * One contender.
   *
   * @param name of the contender
   * @param perSecond units per second over the rounds
   * @param ratio round by round, this contender's units per second by those of the first one
   */
  public record Line(String name, Spread perSecond, Spread ratio) {}
}
