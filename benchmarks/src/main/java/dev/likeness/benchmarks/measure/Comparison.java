package dev.likeness.benchmarks.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Measures contenders in turns, A B C A B C …, so that whatever else the machine does falls upon
 * all of them. A round's ratio compares two turns that lie side by side; the median of these ratios
 * is steadier than the ratio of two medians taken minutes apart. Every other round runs backwards,
 * so that none is always the one after another.
 */
public final class Comparison {

  private final int warmUpRounds;
  private final int rounds;
  private final LongSupplier nanoTime;

  /**
   * @param warmUpRounds rounds that do not count, at least 0
   * @param rounds rounds that count, at least 1
   */
  public Comparison(int warmUpRounds, int rounds) {
    this(warmUpRounds, rounds, System::nanoTime);
  }

  Comparison(int warmUpRounds, int rounds, LongSupplier nanoTime) {
    if (warmUpRounds < 0 || rounds < 1) {
      throw new IllegalArgumentException(
          "at least one round and no negative warm-up, got %d and %d"
              .formatted(rounds, warmUpRounds));
    }
    this.warmUpRounds = warmUpRounds;
    this.rounds = rounds;
    this.nanoTime = nanoTime;
  }

  /**
   * @param contenders the first one is what the others are compared with
   * @throws Exception of a turn that failed
   */
  public ComparisonResult run(List<Contender> contenders) throws Exception {
    double[][] rates = new double[contenders.size()][rounds];
    for (int round = -warmUpRounds; round < rounds; round++) {
      for (int index : order(contenders.size(), round)) {
        double rate = turn(contenders.get(index));
        if (round >= 0) {
          rates[index][round] = rate;
        }
      }
    }
    List<ComparisonResult.Line> lines = new ArrayList<>();
    for (int i = 0; i < rates.length; i++) {
      double[] ratios = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        ratios[round] = rates[i][round] / rates[0][round];
      }
      lines.add(
          new ComparisonResult.Line(
              contenders.get(i).name(), Spread.of(rates[i]), Spread.of(ratios)));
    }
    return new ComparisonResult(warmUpRounds, rounds, lines);
  }

  private static List<Integer> order(int contenders, int round) {
    Integer[] order = new Integer[contenders];
    Arrays.setAll(order, i -> i);
    List<Integer> indexes = Arrays.asList(order);
    if (Math.floorMod(round, 2) == 1) {
      Collections.reverse(indexes);
    }
    return indexes;
  }

  /** Units per second. */
  private double turn(Contender contender) throws Exception {
    long started = nanoTime.getAsLong();
    long units = contender.turn().run();
    long nanos = nanoTime.getAsLong() - started;
    if (units < 1) {
      throw new IllegalStateException(
          "'%s' did %d units in a turn".formatted(contender.name(), units));
    }
    return units * 1e9 / Math.max(nanos, 1);
  }
}
