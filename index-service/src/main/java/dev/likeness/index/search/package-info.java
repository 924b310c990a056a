/**
 * The question, the answer and the engines that find it; start at {@link
 * dev.likeness.index.search.VectorIndex}.
 */
@NullMarked
package dev.likeness.index.search;

import org.jspecify.annotations.NullMarked;
