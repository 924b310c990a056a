package dev.likeness.index.history;

import java.util.Optional;

/**
 * One call on one register.
 *
 * @param invoked when it began; all times of a history differ
 * @param ended when it was answered or, if it never was, when its process ended
 * @param answered false if nobody knows whether it took effect; it did before {@code ended} or
 *     never
 * @param isWrite true if it sets the value, false if it reads it
 * @param value what was written or read; empty for a vector that is absent
 */
record Operation(
    long invoked, long ended, boolean answered, boolean isWrite, Optional<Integer> value) {}
