package dev.likeness.gateway.peer;

/**
 * An encoder of the embedder.
 *
 * @param name its name
 * @param version from 1
 * @param dimension length of its vectors
 * @param fingerprint hash of all that changes a vector
 * @param pooling none, gap, gem or cls
 */
public record Encoder(
    String name, int version, int dimension, String fingerprint, String pooling) {}
