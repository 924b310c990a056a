package dev.likeness.embedder.batching;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Where work runs and what time it is; shared by the batchers of all encoders.
 *
 * @param decoding bounded pool that decodes and preprocesses
 * @param inference fixed platform threads that call the network
 * @param timer for the maximum delay
 * @param nanoClock as {@link System#nanoTime()}
 */
public record BatchingThreads(
    Executor decoding, Executor inference, DelayTimer timer, LongSupplier nanoClock) {}
