/**
 * What an operator sees: health and metrics; start at {@link
 * dev.likeness.embedder.operation.EmbedderMetrics}.
 */
@NullMarked
package dev.likeness.embedder.operation;

import org.jspecify.annotations.NullMarked;
