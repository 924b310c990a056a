package dev.likeness.benchmarks.index;

import java.util.List;

/**
 * A size of batch.
 *
 * @param name of its figures
 * @param repetitions per turn, so that a turn lasts much longer than asking for it
 */
record Batch(String name, int size, int repetitions) {

  static final List<Batch> ALL =
      List.of(
          new Batch("exact_batch_1000", 1000, 1),
          new Batch("exact_batch_16", 16, 4),
          new Batch("exact_single", 1, 20));
}
