package dev.likeness.index.collection;

/** How a collection on this machine is searched. */
public enum Engine {
  /** Every vector is compared; nothing is missed. */
  EXACT,
  /** By graphs over the sealed vectors, which may miss neighbors; all others are compared. */
  GRAPH,
  /** By graph once the collection is large, exact until then. */
  AUTO
}
