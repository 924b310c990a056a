/**
 * The images of a competition on disk; start at {@link
 * dev.likeness.evaluation.dataset.DatasetLayout}.
 */
@NullMarked
package dev.likeness.evaluation.dataset;

import org.jspecify.annotations.NullMarked;
