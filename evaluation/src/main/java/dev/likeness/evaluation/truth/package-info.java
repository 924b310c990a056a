/**
 * Which gallery images are right answers; start at {@link
 * dev.likeness.evaluation.truth.TruthRules}.
 */
@NullMarked
package dev.likeness.evaluation.truth;

import org.jspecify.annotations.NullMarked;
