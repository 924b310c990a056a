/**
 * Which encoders are in memory, and how they come and go without a caller noticing; start at {@link
 * dev.likeness.embedder.serving.EncoderCatalog}.
 */
@NullMarked
package dev.likeness.embedder.serving;

import org.jspecify.annotations.NullMarked;
