package dev.likeness.index.opensearch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.likeness.index.vector.Payload;
import dev.likeness.index.vector.VectorChange;
import dev.likeness.index.vector.VectorId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** A vector as a document. Its values travel as the shortest decimals that give the same bits. */
final class VectorDocument {

  private VectorDocument() {}

  static void write(VectorChange.Put put, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField(CollectionIndex.ORDER, SortKey.of(put.id()));
    json.writeArrayFieldStart(CollectionIndex.VECTOR);
    for (float value : put.values()) {
      json.writeNumber(value);
    }
    json.writeEndArray();
    if (!put.payload().isEmpty()) {
      json.writeBinaryField(CollectionIndex.PAYLOAD, put.payload().toBytes());
      json.writeArrayFieldStart(CollectionIndex.TERMS);
      for (String term : PayloadTerms.of(put.payload())) {
        json.writeString(term);
      }
      json.writeEndArray();
    }
    json.writeNumberField(CollectionIndex.CHECKSUM, checksum(put));
    json.writeEndObject();
  }

  /**
   * @param hit of a search or a get, with {@code _id} and {@code _source}
   */
  static VectorChange.Put read(JsonNode hit) {
    JsonNode source = hit.path("_source");
    JsonNode vector = source.path(CollectionIndex.VECTOR);
    float[] values = new float[vector.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = vector.path(i).floatValue();
    }
    return new VectorChange.Put(id(hit), payload(hit), values);
  }

  static VectorId id(JsonNode hit) {
    return new VectorId(hit.path("_id").asText());
  }

  static Payload payload(JsonNode hit) {
    JsonNode payload = hit.path("_source").path(CollectionIndex.PAYLOAD);
    try {
      return payload.isTextual() ? Payload.fromBytes(payload.binaryValue()) : Payload.EMPTY;
    } catch (IOException e) {
      throw new UncheckedIOException("a payload that is not base64", e);
    }
  }

  /** CRC32C of id, payload and the bits of the values: says whether a document is as written. */
  static long checksum(VectorChange.Put put) {
    ByteBuffer bytes =
        ByteBuffer.allocate(put.values().length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(put.values());
    CRC32C crc = new CRC32C();
    crc.update(put.id().toBytes());
    crc.update(0);
    crc.update(put.payload().toBytes());
    crc.update(bytes);
    return crc.getValue();
  }
}
