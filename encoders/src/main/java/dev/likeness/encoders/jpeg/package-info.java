/**
 * The plain JPEG files that most photos are, to RGB with the quickest arithmetic that this JVM has;
 * start at {@link dev.likeness.encoders.jpeg.BaselineDecoder}.
 */
@NullMarked
package dev.likeness.encoders.jpeg;

import org.jspecify.annotations.NullMarked;
