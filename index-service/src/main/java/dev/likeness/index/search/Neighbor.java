package dev.likeness.index.search;

import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorId;

/**
 * One answer.
 *
 * @param score higher is closer; its scale is that of the collection's similarity
 * @param payload what was stored beside the vector when the search saw it
 */
public record Neighbor(VectorId id, float score, Payload payload) {}
