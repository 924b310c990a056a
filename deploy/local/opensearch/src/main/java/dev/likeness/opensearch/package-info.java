/** A node of OpenSearch for tests; start at {@link dev.likeness.opensearch.OpenSearchNode}. */
@NullMarked
package dev.likeness.opensearch;

import org.jspecify.annotations.NullMarked;
