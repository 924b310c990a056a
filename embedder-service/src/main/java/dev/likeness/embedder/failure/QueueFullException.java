package dev.likeness.embedder.failure;

import java.time.Duration;

/** As many images wait as may wait. */
public final class QueueFullException extends EmbedderException {

  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /**
   * @param capacity images that may wait
   * @param retryAfter when there is likely to be room
   */
  public QueueFullException(int capacity, Duration retryAfter) {
    super(
        "%d images wait already, which is the limit; try again in %d ms, or send fewer at a time"
            .formatted(capacity, retryAfter.toMillis()));
    this.retryAfter = retryAfter;
  }

  public Duration retryAfter() {
    return retryAfter;
  }
}
