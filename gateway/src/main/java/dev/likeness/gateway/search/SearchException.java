package dev.likeness.gateway.search;

/** A search that cannot be answered; messages are written for users. */
public abstract sealed class SearchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private SearchException(String message) {
    super(message);
  }

  /** There is no such collection. */
  public static final class CollectionNotFound extends SearchException {

    private static final long serialVersionUID = 1L;

    CollectionNotFound(String name) {
      super(
          "there is no collection or alias '%s'; a finished run names the collection of its gallery"
              .formatted(name));
    }
  }

  /** No encoder of the embedder makes vectors that fit the collection. */
  public static final class EncoderGone extends SearchException {

    private static final long serialVersionUID = 1L;

    EncoderGone(String collection, String fingerprint) {
      super(
          "collection '%s' was filled by an encoder version (fingerprint %s) that is not the newest of any encoder now; run the gallery again with a present encoder"
              .formatted(collection, fingerprint));
    }
  }
}
