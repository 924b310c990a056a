package dev.likeness.service;

import io.grpc.Context;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Runs the blocking body of a unary RPC on a virtual thread of its own. The framework's
 * {@code @RunOnVirtualThread} does the same for gRPC with a race that loses calls under load; see
 * ADR 0009.
 */
public final class BlockingCall {

  private static final Executor VIRTUAL_THREADS =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 1).factory());

  private BlockingCall() {}

  /**
   * The answer of a body, or the failure it throws. The body sees the {@link Context} of the call:
   * its deadline and its cancellation.
   */
  public static <T> Uni<T> answer(Callable<T> body) {
    Executor inContextOfTheCall = Context.currentContextExecutor(VIRTUAL_THREADS);
    return Uni.createFrom()
        .<T>emitter(
            emitter -> {
              try {
                emitter.complete(body.call());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                emitter.fail(e);
              } catch (Exception e) {
                emitter.fail(e);
              }
            })
        .runSubscriptionOn(inContextOfTheCall);
  }
}
