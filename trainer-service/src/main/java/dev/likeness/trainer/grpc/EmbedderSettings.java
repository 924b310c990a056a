package dev.likeness.trainer.grpc;

import dev.likeness.trainer.config.TrainerConfig;
import java.time.Duration;

/**
 * How the embedder is used.
 *
 * @param maxInFlight images sent and not yet answered
 * @param patience how long without any outcome until the job fails
 * @param answerTimeout how long without any answer until a call is broken off and tried again
 * @param retryDelay first pause before another try; doubled each time
 */
record EmbedderSettings(
    int maxInFlight, Duration patience, Duration answerTimeout, Duration retryDelay) {

  private static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

  static EmbedderSettings of(TrainerConfig.Embedder config) {
    return new EmbedderSettings(
        config.maxInFlight(), config.patience(), config.answerTimeout(), config.retryDelay());
  }

  /** Pause before a try. */
  Duration delay(int failures) {
    Duration delay = retryDelay.multipliedBy(1L << Math.min(failures - 1, 10));
    return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
  }
}
