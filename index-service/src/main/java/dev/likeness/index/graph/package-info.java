/**
 * Graphs over rows of codes, in which nearest neighbors are found without looking at most rows;
 * start at {@link dev.likeness.index.graph.Graph}.
 */
@NullMarked
package dev.likeness.index.graph;

import org.jspecify.annotations.NullMarked;
