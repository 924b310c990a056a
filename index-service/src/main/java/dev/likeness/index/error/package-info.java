/**
 * What can go wrong, as sealed types that carry their facts; start at {@link
 * dev.likeness.index.error.IndexException}.
 */
@NullMarked
package dev.likeness.index.error;

import org.jspecify.annotations.NullMarked;
