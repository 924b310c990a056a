package dev.likeness.gateway.run;

/** What a run is doing, in this order. */
public enum RunStage {
  /** Embedding gallery images and writing them to the index. */
  GALLERY,
  /** Embedding query images. */
  QUERIES,
  /** Searching. */
  SEARCH,
  /** Writing submission, record and report. */
  REPORT
}
