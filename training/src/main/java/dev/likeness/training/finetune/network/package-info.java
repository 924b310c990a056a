/** The encoder as fine-tuning sees it: head, blocks, what is frozen; start at {@code Network}. */
@NullMarked
package dev.likeness.training.finetune.network;

import org.jspecify.annotations.NullMarked;
