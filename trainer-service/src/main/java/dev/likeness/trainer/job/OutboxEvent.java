package dev.likeness.trainer.job;

import java.time.Instant;

/**
 * An event that waits in the outbox to be sent.
 *
 * @param position order in which it was written; events of one key are written in their order
 * @param id unique; a repeat has the same one
 * @param topic where it goes
 * @param key key of the record
 * @param type full name of the message
 * @param payload the serialised message
 * @param time when it happened
 */
public record OutboxEvent(
    long position,
    String id,
    String topic,
    String key,
    String type,
    Payload payload,
    Instant time) {

  /** The bytes of a message; never changed. */
  public static final class Payload {

    private final byte[] bytes;

    /** Takes the bytes over. */
    public Payload(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
      return bytes.clone();
    }
  }
}
