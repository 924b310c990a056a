/**
 * Runs a model package: tensors to vectors; start at {@link
 * dev.likeness.encoders.runtime.OnnxImageEmbedder}.
 */
@NullMarked
package dev.likeness.encoders.runtime;

import org.jspecify.annotations.NullMarked;
