/** Better rankings from the same vectors: start at {@link dev.likeness.index.rerank.Reranking}. */
@NullMarked
package dev.likeness.index.rerank;

import org.jspecify.annotations.NullMarked;
