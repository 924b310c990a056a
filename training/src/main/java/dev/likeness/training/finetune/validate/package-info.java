/** How well vectors retrieve held-out images; start at {@code RetrievalValidation}. */
@NullMarked
package dev.likeness.training.finetune.validate;

import org.jspecify.annotations.NullMarked;
