/**
 * Integer arithmetic of ONNX Runtime, which knows the processor's integer dot products; start at
 * {@link dev.likeness.index.onnx.OnnxProduct}.
 */
@NullMarked
package dev.likeness.index.onnx;

import org.jspecify.annotations.NullMarked;
