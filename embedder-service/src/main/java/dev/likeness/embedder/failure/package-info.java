/**
 * What can go wrong, in the terms of callers; start at {@link
 * dev.likeness.embedder.failure.EmbedderException}.
 */
@NullMarked
package dev.likeness.embedder.failure;

import org.jspecify.annotations.NullMarked;
