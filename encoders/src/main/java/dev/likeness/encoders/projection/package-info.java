/**
 * Linear projections fitted on training vectors; start at {@link
 * dev.likeness.encoders.projection.PcaWhitening}.
 */
@NullMarked
package dev.likeness.encoders.projection;

import org.jspecify.annotations.NullMarked;
