/**
 * Graphs as they are run, which need not be as they are stored: the same function, sooner; start at
 * {@link dev.likeness.encoders.execution.ServingGraph}.
 */
@NullMarked
package dev.likeness.encoders.execution;

import org.jspecify.annotations.NullMarked;
