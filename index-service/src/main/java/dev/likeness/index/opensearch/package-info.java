/**
 * Collections in an OpenSearch cluster, for those that outgrow one machine; start at {@link
 * dev.likeness.index.opensearch.OpenSearchStore}.
 */
@NullMarked
package dev.likeness.index.opensearch;

import org.jspecify.annotations.NullMarked;
