package dev.likeness.encoders.store;

/** What the embedder does with the vector that leaves the graph. */
public enum Normalization {
  /** Divided by its Euclidean length; a vector of zeros stays as it is. */
  L2
}
