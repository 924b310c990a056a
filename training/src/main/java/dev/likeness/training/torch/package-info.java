/** Loading libtorch, owning its memory, copying to and from it; start at {@code NativeRuntime}. */
@NullMarked
package dev.likeness.training.torch;

import org.jspecify.annotations.NullMarked;
