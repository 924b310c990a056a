package dev.likeness.trainer.job;

/**
 * The encoder version that a job ended with.
 *
 * @param version from 1
 * @param fingerprint hash of all that changes a vector
 */
public record PublishedModel(int version, String fingerprint) {}
