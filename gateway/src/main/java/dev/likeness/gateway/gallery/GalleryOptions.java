package dev.likeness.gateway.gallery;

import java.time.Duration;

/**
 * How galleries are kept.
 *
 * @param poll time between looks at their encoders
 * @param upsertBatch vectors per durable write
 * @param maxImageBytes larger files are left out
 * @param grace how long a collection that is not searched any more is kept for searches under way
 */
public record GalleryOptions(Duration poll, int upsertBatch, long maxImageBytes, Duration grace) {}
