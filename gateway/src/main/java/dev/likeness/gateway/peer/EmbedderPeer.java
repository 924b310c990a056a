package dev.likeness.gateway.peer;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * The embedder. Calls block.
 *
 * @see PeerException every call may throw it
 */
public interface EmbedderPeer {

  /**
   * The version of an encoder that serves its name.
   *
   * @throws PeerException.Refused with ENCODER_NOT_FOUND if there is none of that name
   */
  Encoder encoder(String name);

  /** The encoder version with a fingerprint, whether it serves its name or not. */
  Optional<Encoder> withFingerprint(String fingerprint);

  /**
   * Embeds images, several at a time. The outcomes come in the order of the images, in the calling
   * thread; what the consumer throws ends the call.
   *
   * @throws PeerException.Unavailable if the embedder goes away; outcomes given before hold
   * @throws InterruptedException if the calling thread is interrupted
   */
  void embed(String encoder, ImageSource images, Consumer<EmbedOutcome> outcomes)
      throws InterruptedException;

  /**
   * The same with one version of an encoder, whether it serves its name or not.
   *
   * @throws PeerException.Unavailable if the embedder goes away; outcomes given before hold
   * @throws InterruptedException if the calling thread is interrupted
   */
  void embed(Encoder encoder, ImageSource images, Consumer<EmbedOutcome> outcomes)
      throws InterruptedException;

  /** Embeds one image with one version of an encoder, whether it serves its name or not. */
  Embedded embed(Encoder encoder, byte[] image);

  /** Embeds one image and says which encoder version did it. */
  Embedded embed(String encoder, byte[] image);

  /**
   * The vector of one image.
   *
   * @param embedding the vector
   * @param fingerprint fingerprint of the encoder that made it
   */
  record Embedded(Embedding embedding, String fingerprint) {}
}
