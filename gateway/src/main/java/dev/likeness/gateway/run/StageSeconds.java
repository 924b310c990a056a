package dev.likeness.gateway.run;

/**
 * Seconds of work, each at least 0. Decode and embed are summed over images, as the embedder
 * measured them; index and search are wall time; total is the wall time of the whole run,
 * interruptions included.
 */
public record StageSeconds(double decode, double embed, double index, double search, double total) {

  /** Nothing done yet. */
  public static final StageSeconds NONE = new StageSeconds(0, 0, 0, 0, 0);

  /** The sum; interrupted runs go on counting where they were. */
  public StageSeconds plus(StageSeconds other) {
    return new StageSeconds(
        decode + other.decode,
        embed + other.embed,
        index + other.index,
        search + other.search,
        total + other.total);
  }

  /** The same with another total. */
  public StageSeconds withTotal(double seconds) {
    return new StageSeconds(decode, embed, index, search, seconds);
  }
}
