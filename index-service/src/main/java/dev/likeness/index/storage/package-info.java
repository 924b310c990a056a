/**
 * Bytes on disk: the checksummed append-only log and small checked files; start at {@link
 * dev.likeness.index.storage.VectorLog}.
 */
@NullMarked
package dev.likeness.index.storage;

import org.jspecify.annotations.NullMarked;
