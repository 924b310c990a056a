package dev.likeness.embedder.serving;

/** What a caller wants if too many images wait. */
public enum WhenFull {
  /** To be told, and to try again later. */
  REFUSE,
  /** To be slowed down. */
  WAIT
}
