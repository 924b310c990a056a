package dev.likeness.index.vector;

import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.vector.PayloadValue.BooleanValue;
import dev.likeness.index.vector.PayloadValue.NumberValue;
import dev.likeness.index.vector.PayloadValue.TextValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a caller stores beside a vector: a few named values. Kept encoded, because a million of them
 * live on a small heap; equal payloads have equal bytes.
 *
 * <p>Encoding, little-endian, fields in order of their names: {@code u8 name length, name (UTF-8),
 * u8 kind} and then for kind 1 (text) {@code u16 length, UTF-8}, for kind 2 (number) {@code f64},
 * for kind 3 (boolean) {@code u8 0 or 1}. No fields: no bytes.
 */
public final class Payload {

  /** Payloads are for display and filters, not for documents. */
  public static final int MAX_FIELDS = 64;

  /** The length is stored in 8 bits; long names only cost memory. */
  public static final int MAX_NAME_BYTES = 64;

  /** Room for a path, a URL or a caption. */
  public static final int MAX_TEXT_BYTES = 4096;

  /** All fields together, encoded; as much as the 16-bit length of the log can say. */
  public static final int MAX_BYTES = 65_535;

  public static final Payload EMPTY = new Payload(new byte[0]);

  private static final byte TEXT = 1;
  private static final byte NUMBER = 2;
  private static final byte BOOLEAN = 3;

  private final byte[] encoded;

  private Payload(byte[] encoded) {
    this.encoded = encoded;
  }

  /**
   * @throws InvalidRequestException if there are more than {@value #MAX_FIELDS} fields, a name is
   *     empty or longer than {@value #MAX_NAME_BYTES} bytes, or all together exceed {@value
   *     #MAX_BYTES} bytes
   */
  public static Payload of(Map<String, PayloadValue> fields) {
    if (fields.isEmpty()) {
      return EMPTY;
    }
    if (fields.size() > MAX_FIELDS) {
      throw new InvalidRequestException(
          "payload", "must have at most %d fields, has %d".formatted(MAX_FIELDS, fields.size()));
    }
    var bytes = new ByteArrayOutputStream();
    new TreeMap<>(fields).forEach((name, value) -> write(bytes, name, value));
    if (bytes.size() > MAX_BYTES) {
      throw new InvalidRequestException(
          "payload", "must have at most %d bytes, has %d".formatted(MAX_BYTES, bytes.size()));
    }
    return new Payload(bytes.toByteArray());
  }

  /**
   * Takes bytes that {@link #toBytes} made.
   *
   * @throws InvalidRequestException if they are not such bytes
   */
  public static Payload fromBytes(byte[] encoded) {
    if (encoded.length == 0) {
      return EMPTY;
    }
    Payload payload = new Payload(encoded.clone());
    try {
      payload.fields();
    } catch (RuntimeException e) {
      throw new InvalidRequestException("payload", "the stored bytes cannot be read");
    }
    return payload;
  }

  /**
   * Takes bytes that {@link #toBytes} made and whose checksum was found right; owned from here on.
   */
  public static Payload fromStored(byte[] encoded) {
    return new Payload(encoded);
  }

  public Map<String, PayloadValue> fields() {
    Map<String, PayloadValue> fields = new LinkedHashMap<>();
    ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      String name = readText(in, in.get() & 0xFF);
      fields.put(name, readValue(in));
    }
    return fields;
  }

  /** The value of one field, or null; the others are passed over without being decoded. */
  public @Nullable PayloadValue get(FieldName name) {
    int at = 0;
    while (at < encoded.length) {
      int nameLength = encoded[at] & 0xFF;
      int kindAt = at + 1 + nameLength;
      if (nameLength == name.length() && name.isAt(encoded, at + 1)) {
        ByteBuffer in = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        return readValue(in.position(kindAt));
      }
      at = kindAt + 1 + valueBytes(kindAt);
    }
    return null;
  }

  private int valueBytes(int kindAt) {
    return switch (encoded[kindAt]) {
      case TEXT -> 2 + ((encoded[kindAt + 1] & 0xFF) | (encoded[kindAt + 2] & 0xFF) << 8);
      case NUMBER -> Double.BYTES;
      default -> 1;
    };
  }

  public byte[] toBytes() {
    return encoded.clone();
  }

  public int sizeBytes() {
    return encoded.length;
  }

  public boolean isEmpty() {
    return encoded.length == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload payload && Arrays.equals(encoded, payload.encoded);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encoded);
  }

  @Override
  public String toString() {
    return fields().toString();
  }

  private static void write(ByteArrayOutputStream out, String name, PayloadValue value) {
    Text.check("payload", name, 1, MAX_NAME_BYTES);
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    out.write(nameBytes.length);
    out.writeBytes(nameBytes);
    switch (value) {
      case TextValue text -> {
        byte[] bytes = text.value().getBytes(StandardCharsets.UTF_8);
        out.write(TEXT);
        out.write(bytes.length & 0xFF);
        out.write(bytes.length >>> 8);
        out.writeBytes(bytes);
      }
      case NumberValue number -> {
        out.write(NUMBER);
        ByteBuffer bits = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        out.writeBytes(bits.putDouble(number.value()).array());
      }
      case BooleanValue flag -> {
        out.write(BOOLEAN);
        out.write(flag.value() ? 1 : 0);
      }
    }
  }

  private static PayloadValue readValue(ByteBuffer in) {
    byte kind = in.get();
    return switch (kind) {
      case TEXT -> new TextValue(readText(in, in.getShort() & 0xFFFF));
      case NUMBER -> new NumberValue(in.getDouble());
      case BOOLEAN -> new BooleanValue(in.get() != 0);
      default -> throw new IllegalStateException("unknown kind of payload value: " + kind);
    };
  }

  private static String readText(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
