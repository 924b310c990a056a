package dev.likeness.embedder.batching;

/** Hears what a batcher does; for metrics. Called from many threads, must be quick. */
public interface BatchingObserver {

  /** Hears nothing. */
  BatchingObserver NONE = new BatchingObserver() {};

  /** Why an image was skipped before inference. */
  enum DropReason {
    /** Its deadline had passed. */
    DEADLINE,
    /** Its caller had gone. */
    CANCELLED
  }

  /** An image was decoded and preprocessed. */
  default void decoded(long nanos) {}

  /** An image waited this long in all. */
  default void queued(long nanos) {}

  /** A batch was embedded. */
  default void embedded(int batchSize, long nanos) {}

  /** An image was skipped before inference. */
  default void dropped(DropReason reason) {}

  /** An image was refused because the queue was full. */
  default void refused() {}

  /** An image failed. */
  default void failed(Throwable cause) {}
}
