package dev.likeness.encoders.checkpoint;

import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/** Reads a pickle's bytes; everything is little-endian and bounded. */
final class PickleInput {

  /** Names of tensors and keys are far shorter. */
  private static final int LONGEST_TEXT = 1 << 20;

  private final MemorySegment bytes;
  private long position;

  PickleInput(MemorySegment bytes) {
    this.bytes = bytes;
  }

  long position() {
    return position;
  }

  int u8() {
    return bytes.get(ValueLayout.JAVA_BYTE, advance(1)) & 0xFF;
  }

  /** A little-endian number of up to 8 bytes, unsigned below 8. */
  long unsigned(int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      value |= (long) u8() << (8 * i);
    }
    return value;
  }

  int i32() {
    return (int) unsigned(Integer.BYTES);
  }

  /** A little-endian two's complement number of any small length, as LONG1 has. */
  BigInteger signed(long length) {
    byte[] little = take(length);
    if (little.length == 0) {
      return BigInteger.ZERO;
    }
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = little[little.length - 1 - i];
    }
    return new BigInteger(big);
  }

  String text(long length) {
    return new String(take(length), StandardCharsets.UTF_8);
  }

  /** Up to the next newline, which is consumed. */
  String line() {
    StringBuilder line = new StringBuilder();
    for (int next = u8(); next != '\n'; next = u8()) {
      line.append((char) next);
      checkLength(line.length());
    }
    return line.toString();
  }

  void skip(long length) {
    checkLength(length);
    advance(length);
  }

  private byte[] take(long length) {
    checkLength(length);
    return bytes.asSlice(advance(length), length).toArray(ValueLayout.JAVA_BYTE);
  }

  /**
   * @return the position before
   */
  private long advance(long length) {
    if (length > bytes.byteSize() - position) {
      throw new CheckpointException(
          Reason.TRUNCATED, "the pickle ends in the middle, at byte %d".formatted(position));
    }
    long before = position;
    position += length;
    return before;
  }

  private static void checkLength(long length) {
    if (length < 0 || length > LONGEST_TEXT) {
      throw new CheckpointException(
          Reason.LIMIT_EXCEEDED,
          "the pickle holds a text or number of %s bytes, at most %d are read"
              .formatted(Long.toUnsignedString(length), LONGEST_TEXT));
    }
  }
}
