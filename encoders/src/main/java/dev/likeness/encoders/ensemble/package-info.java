/**
 * Several encoders joined into one whose vector is made of theirs; start at {@link
 * dev.likeness.encoders.ensemble.EnsembleBuild}.
 */
@NullMarked
package dev.likeness.encoders.ensemble;

import org.jspecify.annotations.NullMarked;
