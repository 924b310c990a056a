/**
 * From a float32 encoder to one that computes in 8-bit integers; start at {@link
 * dev.likeness.encoders.quantize.EncoderQuantization}.
 */
@NullMarked
package dev.likeness.encoders.quantize;

import org.jspecify.annotations.NullMarked;
