/** How good a ranking is; start at {@link dev.likeness.evaluation.metrics.RetrievalMetrics}. */
@NullMarked
package dev.likeness.evaluation.metrics;

import org.jspecify.annotations.NullMarked;
