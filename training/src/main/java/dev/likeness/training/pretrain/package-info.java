/** Makes the built-in encoder's weights from drawn images; start at {@code Main}. */
@NullMarked
package dev.likeness.training.pretrain;

import org.jspecify.annotations.NullMarked;
