package dev.likeness.gateway.peer;

/** What became of one image. */
public sealed interface EmbedOutcome {

  /** The name of the image. */
  String name();

  /**
   * It has a vector.
   *
   * @param name name of the image
   * @param embedding its vector
   * @param fingerprint fingerprint of the encoder that made it
   * @param cost what it cost
   */
  record Embedded(String name, Embedding embedding, String fingerprint, Cost cost)
      implements EmbedOutcome {}

  /**
   * It will never have one: the file is not an image that can be read.
   *
   * @param name name of the image
   * @param reason why
   */
  record Refused(String name, String reason) implements EmbedOutcome {}

  /**
   * It has none yet: the embedder could not take it now.
   *
   * @param name name of the image
   * @param failure what the embedder said
   */
  record Postponed(String name, PeerException failure) implements EmbedOutcome {}

  /**
   * What one image cost.
   *
   * @param decodeSeconds reading the file format and preprocessing
   * @param embedSeconds its share of the inference of its batch
   * @param batchSize images in that batch
   */
  record Cost(double decodeSeconds, double embedSeconds, int batchSize) {}
}
