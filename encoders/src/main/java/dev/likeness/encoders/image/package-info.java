/**
 * Encoded image bytes to RGB pixels, with limits; start at {@link
 * dev.likeness.encoders.image.ImageDecoder}.
 */
@NullMarked
package dev.likeness.encoders.image;

import org.jspecify.annotations.NullMarked;
