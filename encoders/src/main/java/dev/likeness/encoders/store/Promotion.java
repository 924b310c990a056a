package dev.likeness.encoders.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version took over the name of its encoder.
 *
 * @param version the version that serves the name from then on
 * @param previous the version that served it before; null if none did
 * @param time when
 * @param reason why, in a sentence
 * @param jobId the training job that made the version; null for all else
 */
public record Promotion(
    int version, @Nullable Integer previous, Instant time, String reason, @Nullable String jobId) {}
