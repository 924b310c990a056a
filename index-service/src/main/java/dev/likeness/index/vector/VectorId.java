package dev.likeness.index.vector;

import java.nio.charset.StandardCharsets;

/**
 * The caller's stable key of a vector: 1 to {@value #MAX_BYTES} bytes of UTF-8 without control
 * characters. Ordered by UTF-16 code units, as {@link String#compareTo} does.
 */
public record VectorId(String value) implements Comparable<VectorId> {

  /** Long enough for a path; the log stores the length in 16 bits. */
  public static final int MAX_BYTES = 512;

  public VectorId {
    Text.check("id", value, 1, MAX_BYTES);
  }

  /** Reads an id back from the bytes that {@link #toBytes} made. */
  public static VectorId fromBytes(byte[] utf8) {
    return new VectorId(new String(utf8, StandardCharsets.UTF_8));
  }

  public byte[] toBytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  /** At least as many bytes as {@link #toBytes} has. */
  public int mostBytes() {
    return 3 * value.length();
  }

  @Override
  public int compareTo(VectorId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
