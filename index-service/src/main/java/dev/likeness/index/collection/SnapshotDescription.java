package dev.likeness.index.collection;

/**
 * A snapshot on disk.
 *
 * @param vectorCount vectors in it
 * @param sizeBytes of its files
 */
public record SnapshotDescription(CollectionName name, long vectorCount, long sizeBytes) {}
