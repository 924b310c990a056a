package dev.likeness.encoders.quantize;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The initializers of a graph. Values are read when they are asked for, one tensor at a time, since
 * all of them together may be larger than the heap.
 */
final class WeightReader {

  private final Map<String, TensorProto> initializers = new HashMap<>();
  private final Path folder;

  /**
   * @param folder that holds the external data
   */
  WeightReader(GraphProto graph, Path folder) {
    graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
    this.folder = folder;
  }

  /** The initializer of that name, if it is float32 and has as many axes. */
  Optional<TensorProto> floats(String name, int rank) {
    return Optional.ofNullable(initializers.get(name))
        .filter(tensor -> tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE)
        .filter(tensor -> tensor.getDimsCount() == rank);
  }

  /** Shape of an initializer. */
  Optional<List<Long>> shape(String name) {
    return Optional.ofNullable(initializers.get(name)).map(TensorProto::getDimsList);
  }

  /** Whether an initializer holds just this one number, with or without an axis. */
  boolean isSingle(String name, float expected) {
    return Stream.of(0, 1)
        .flatMap(rank -> floats(name, rank).stream())
        .map(this::values)
        .anyMatch(values -> values.length == 1 && values[0] == expected);
  }

  boolean contains(String name) {
    return initializers.containsKey(name);
  }

  /** Row-major float32 values. */
  float[] values(TensorProto tensor) {
    if (!isExternal(tensor) && tensor.getFloatDataCount() > 0) {
      float[] values = new float[tensor.getFloatDataCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.getFloatData(i);
      }
      return values;
    }
    ByteBuffer bytes = bytes(tensor).order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return values;
  }

  static boolean isExternal(TensorProto tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
  }

  /** The raw bytes of a tensor, wherever they lie. */
  ByteBuffer bytes(TensorProto tensor) {
    if (!isExternal(tensor)) {
      return tensor.getRawData().asReadOnlyByteBuffer();
    }
    try (FileChannel channel =
        FileChannel.open(folder.resolve(entry(tensor, "location")), StandardOpenOption.READ)) {
      ByteBuffer bytes = ByteBuffer.allocate(Integer.parseInt(entry(tensor, "length")));
      long offset = Long.parseLong(entry(tensor, "offset"));
      while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {
        continue;
      }
      return bytes.flip();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(
          "the weights in %s cannot be read".formatted(folder), unreadable);
    }
  }

  private static String entry(TensorProto tensor, String key) {
    return tensor.getExternalDataList().stream()
        .filter(entry -> entry.getKey().equals(key))
        .map(StringStringEntryProto::getValue)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "weight %s states no %s".formatted(tensor.getName(), key)));
  }
}
