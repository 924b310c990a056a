/**
 * Named, durable sets of vectors and the aliases that point to them; start at {@link
 * dev.likeness.index.collection.VectorStore}.
 */
@NullMarked
package dev.likeness.index.collection;

import org.jspecify.annotations.NullMarked;
