/** Pictures as bytes. */
@NullMarked
package dev.likeness.evaluation.image;

import org.jspecify.annotations.NullMarked;
