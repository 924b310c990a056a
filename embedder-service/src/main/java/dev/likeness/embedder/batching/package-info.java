/**
 * Gathers images of many callers into batches and never lets them wait without need; start at
 * {@link dev.likeness.embedder.batching.DynamicBatcher}.
 */
@NullMarked
package dev.likeness.embedder.batching;

import org.jspecify.annotations.NullMarked;
