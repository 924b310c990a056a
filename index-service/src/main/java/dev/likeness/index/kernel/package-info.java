/**
 * Arithmetic: scores of queries against blocks of rows, scalar reference and SIMD; start at {@link
 * dev.likeness.index.kernel.VectorKernel}.
 */
@NullMarked
package dev.likeness.index.kernel;

import org.jspecify.annotations.NullMarked;
