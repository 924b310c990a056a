package dev.likeness.gateway.competition;

import org.jspecify.annotations.Nullable;

/**
 * One answer to a query.
 *
 * @param name name of the gallery image
 * @param similarity its cosine with the query, null if there is none
 */
record RankedName(String name, @Nullable Double similarity) {}
