package dev.likeness.embedder.serving;

/** Whether a version of an encoder can be used now. */
public enum ServingState {
  /** In the model store; loaded on first use. */
  AVAILABLE,
  /** Being loaded and verified. */
  LOADING,
  /** Serving. */
  ACTIVE,
  /** The last attempt to load it failed. */
  FAILED
}
