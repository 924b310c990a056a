/**
 * Which versions of an encoder there are and which serves. Start at {@link
 * dev.likeness.trainer.model.ModelHistory}.
 */
@NullMarked
package dev.likeness.trainer.model;

import org.jspecify.annotations.NullMarked;
