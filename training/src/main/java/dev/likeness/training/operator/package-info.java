/** What each ONNX operator does on libtorch; start at {@code OperatorRegistry}. */
@NullMarked
package dev.likeness.training.operator;

import org.jspecify.annotations.NullMarked;
