/**
 * RGB pixels to the float tensor a network expects, bit for bit as Pillow does it; start at {@link
 * dev.likeness.encoders.preprocess.Preprocessor}.
 */
@NullMarked
package dev.likeness.encoders.preprocess;

import org.jspecify.annotations.NullMarked;
