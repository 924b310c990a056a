package dev.likeness.embedder.grpc;

import dev.likeness.embedder.v1.PullEncoderResponse;
import dev.likeness.encoders.pull.PullProgress;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;

/**
 * Tells a caller how a pull goes: every step, and the bytes about a hundred times. Ends the pull
 * when the caller has gone. For one thread.
 */
final class ToldProgress implements PullProgress {

  /** Bytes that are worth a message if the size is not known, or the file is small. */
  private static final long WORTH_TELLING = 1L << 20;

  private final MultiEmitter<? super PullEncoderResponse> emitter;
  private long told = -1;

  ToldProgress(MultiEmitter<? super PullEncoderResponse> emitter) {
    this.emitter = emitter;
  }

  @Override
  public void step(String sentence) {
    stopIfNobodyListens();
    emitter.emit(PullMessages.told(sentence).build());
  }

  @Override
  public void received(long received, OptionalLong total) {
    stopIfNobodyListens();
    long worth = Math.max(WORTH_TELLING, total.orElse(0) / 100);
    boolean whole = total.isPresent() && received >= total.getAsLong();
    if (told < 0 || received < told || received - told >= worth || (whole && received != told)) {
      told = received;
      emitter.emit(PullMessages.received(received, total));
    }
  }

  private void stopIfNobodyListens() {
    if (emitter.isCancelled()) {
      throw new CancellationException("the caller has gone");
    }
  }
}
