/**
 * What a run is, the states of its life, and where runs are kept: start at {@link
 * dev.likeness.gateway.run.Run} and {@link dev.likeness.gateway.run.RunStore}.
 */
@NullMarked
package dev.likeness.gateway.run;

import org.jspecify.annotations.NullMarked;
