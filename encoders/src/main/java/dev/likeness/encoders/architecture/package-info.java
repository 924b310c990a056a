/**
 * Networks written as ONNX graphs; start at {@link
 * dev.likeness.encoders.architecture.LikenessMini}.
 */
@NullMarked
package dev.likeness.encoders.architecture;

import org.jspecify.annotations.NullMarked;
