package dev.likeness.encoders.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.likeness.encoders.checkpoint.CheckpointException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The safetensors form.
 *
 * <pre>
 * header length  u64, little-endian
 * header         JSON: {"name": {"dtype": "F32", "shape": [..], "data_offsets": [begin, end]}, ..,
 *                       "__metadata__": {text: text}}
 * data           offsets count from here; every byte belongs to exactly one tensor
 * </pre>
 */
final class SafetensorsFile {

  /** A tensor takes about 100 bytes of header; a hundred thousand tensors are still allowed. */
  private static final long LARGEST_HEADER = 16L << 20;

  private static final String METADATA = "__metadata__";
  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(8)
                          .maxNumberLength(20)
                          .maxStringLength(1 << 20)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private record Entry(String name, TensorType type, List<Long> shape, long begin, long end) {}

  private SafetensorsFile() {}

  static Checkpoint read(MemorySegment file, Arena arena) {
    long headerLength = file.get(LENGTH, 0);
    long available = file.byteSize() - Long.BYTES;
    if (headerLength < 0 || headerLength > available) {
      throw new CheckpointException(
          Reason.TRUNCATED,
          "the safetensors header is %s bytes long, the file has %d after its length"
              .formatted(Long.toUnsignedString(headerLength), available));
    }
    if (headerLength > LARGEST_HEADER) {
      throw new CheckpointException(
          Reason.LIMIT_EXCEEDED,
          "the safetensors header is %d bytes long, at most %d are read"
              .formatted(headerLength, LARGEST_HEADER));
    }
    MemorySegment data = file.asSlice(Long.BYTES + headerLength);
    List<Entry> entries = entries(header(file.asSlice(Long.BYTES, headerLength)));
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    checkCoverage(entries, data.byteSize());
    SequencedMap<String, CheckpointTensor> tensors = new LinkedHashMap<>();
    for (Entry entry : entries) {
      MemorySegment bytes = data.asSlice(entry.begin, entry.end - entry.begin);
      TensorLayout layout = TensorLayout.contiguous(entry.shape);
      tensors.put(entry.name, new CheckpointTensor(entry.name, entry.type, layout, bytes));
    }
    return new Checkpoint(Checkpoint.Format.SAFETENSORS, tensors, List.of(), arena);
  }

  private static JsonNode header(MemorySegment bytes) {
    try {
      JsonNode header = JSON.readTree(bytes.toArray(ValueLayout.JAVA_BYTE));
      if (!header.isObject()) {
        throw malformed("the safetensors header is not a JSON object");
      }
      return header;
    } catch (JsonProcessingException broken) {
      throw new CheckpointException(
          Reason.MALFORMED,
          "the safetensors header is not JSON as it should be: " + broken.getOriginalMessage(),
          broken);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static List<Entry> entries(JsonNode header) {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : header.properties()) {
      if (!field.getKey().equals(METADATA)) {
        entries.add(entry(field.getKey(), field.getValue()));
      }
    }
    return entries;
  }

  private static Entry entry(String name, JsonNode node) {
    String typeName = node.path("dtype").asText("");
    TensorType type =
        TensorType.ofSafetensors(typeName)
            .orElseThrow(
                () ->
                    new CheckpointException(
                        Reason.UNSUPPORTED,
                        "tensor '%s' has the unknown element type '%s'".formatted(name, typeName)));
    List<Long> shape = numbers(name, "shape", node.path("shape"));
    List<Long> offsets = numbers(name, "data_offsets", node.path("data_offsets"));
    if (offsets.size() != 2 || offsets.get(1) < offsets.get(0)) {
      throw malformed(
          "tensor '%s' has data_offsets %s; they are [begin, end], begin not after end"
              .formatted(name, offsets));
    }
    Entry entry = new Entry(name, type, shape, offsets.get(0), offsets.get(1));
    long elements = TensorLayout.product(shape);
    long bytes = entry.end - entry.begin;
    if (bytes % type.byteSize() != 0 || bytes / type.byteSize() != elements) {
      throw malformed(
          "tensor '%s' is %s%s and has %d bytes, which does not fit"
              .formatted(name, type, shape, bytes));
    }
    return entry;
  }

  private static List<Long> numbers(String name, String field, JsonNode node) {
    List<Long> numbers = new ArrayList<>();
    for (JsonNode element : node) {
      if (!element.isIntegralNumber() || !element.canConvertToLong() || element.asLong() < 0) {
        throw malformed(
            "tensor '%s' has %s %s; these are whole numbers from 0 on"
                .formatted(name, field, node));
      }
      numbers.add(element.asLong());
    }
    if (!node.isArray()) {
      throw malformed("tensor '%s' has no list %s".formatted(name, field));
    }
    return numbers;
  }

  /** The format demands that tensors neither overlap nor leave bytes that belong to none. */
  private static void checkCoverage(List<Entry> ordered, long dataLength) {
    long end = 0;
    String previous = "the header";
    for (Entry entry : ordered) {
      if (entry.begin < end) {
        throw malformed("tensors '%s' and '%s' overlap".formatted(previous, entry.name));
      }
      if (entry.begin > end) {
        throw malformed(
            "%d bytes before tensor '%s' belong to no tensor"
                .formatted(entry.begin - end, entry.name));
      }
      end = entry.end;
      previous = entry.name;
    }
    if (end > dataLength) {
      throw new CheckpointException(
          Reason.TRUNCATED,
          "tensor '%s' ends at byte %d of the data, the file has %d"
              .formatted(previous, end, dataLength));
    }
    if (end < dataLength) {
      throw malformed("%d bytes at the end belong to no tensor".formatted(dataLength - end));
    }
  }

  private static CheckpointException malformed(String message) {
    return new CheckpointException(Reason.MALFORMED, message);
  }
}
