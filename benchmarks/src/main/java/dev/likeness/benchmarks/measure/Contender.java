package dev.likeness.benchmarks.measure;

/**
 * One of the things compared.
 *
 * @param name short, as it stands in the table
 * @param turn does some work and answers how many units it did (images, queries, steps), at least
 *     1; called again and again, always by the same thread
 */
public record Contender(String name, Turn turn) {

  /** One turn's work. */
  @FunctionalInterface
  public interface Turn {
    /** Answers the units done. */
    long run() throws Exception;
  }
}
