package dev.likeness.evaluation.report;

import org.jspecify.annotations.Nullable;

/**
 * One answer as the page shows it.
 *
 * @param name gallery file name
 * @param similarity higher is closer; null when unknown
 */
public record RankedImage(String name, @Nullable Double similarity) {}
