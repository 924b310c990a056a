/** News of the model store; start at {@link dev.likeness.embedder.kafka.ModelPublishedConsumer}. */
@NullMarked
package dev.likeness.embedder.kafka;

import org.jspecify.annotations.NullMarked;
