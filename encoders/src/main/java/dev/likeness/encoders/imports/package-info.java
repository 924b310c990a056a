/**
 * Takes any ONNX image encoder into the model store; start at {@link
 * dev.likeness.encoders.imports.OnnxImport}.
 */
@NullMarked
package dev.likeness.encoders.imports;

import org.jspecify.annotations.NullMarked;
