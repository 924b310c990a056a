package dev.likeness.encoders.architecture;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.graph.GraphTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Fills a network's weights in. Small ones go into the graph, large ones into a file beside it,
 * because a graph of 2 GiB cannot be written at all; only one weight at a time is in memory then.
 */
public final class NetworkWriter {

  /**
   * Weights of more bytes than this go into a file of their own. A graph is in memory several times
   * while it is made, and a service has half a gigabyte.
   */
  public static final long LARGEST_INLINE = 32L << 20;

  /** Name of that file. */
  public static final String DATA_FILE = "encoder.onnx.data";

  /** Weights start at pages, so that runtimes can map them. */
  private static final long ALIGNMENT = 4096;

  private final long largestInline;

  public NetworkWriter() {
    this(LARGEST_INLINE);
  }

  NetworkWriter(long largestInline) {
    this.largestInline = largestInline;
  }

  /**
   * @param folder where a data file may be written; it is replaced if there is one
   * @throws UncheckedIOException if the data file cannot be written
   */
  public NetworkFiles write(Network network, WeightValues values, Path folder) {
    if (network.parameterCount() * Float.BYTES <= largestInline) {
      return new NetworkFiles(inline(network, values), Map.of());
    }
    Path data = folder.resolve(DATA_FILE);
    try {
      return new NetworkFiles(external(network, values, data), Map.of(DATA_FILE, data));
    } catch (IOException failed) {
      throw new UncheckedIOException("the weights cannot be written to " + data, failed);
    }
  }

  private static byte[] inline(Network network, WeightValues values) {
    ModelProto.Builder model = network.structure().toBuilder();
    List<TensorSpec> weights = network.weights();
    for (int i = 0; i < weights.size(); i++) {
      TensorSpec weight = weights.get(i);
      long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
      model
          .getGraphBuilder()
          .setInitializer(i, GraphTensors.floats(weight.name(), values.values(weight), shape));
    }
    return GraphEditor.of(model.build()).toBytes();
  }

  private static byte[] external(Network network, WeightValues values, Path file)
      throws IOException {
    ModelProto.Builder model = network.structure().toBuilder();
    List<TensorSpec> weights = network.weights();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      long offset = 0;
      for (int i = 0; i < weights.size(); i++) {
        ByteBuffer bytes = bytes(values.values(weights.get(i)));
        int length = bytes.remaining();
        model.getGraphBuilder().getInitializerBuilder(i).mergeFrom(reference(offset, length));
        writeFully(channel, bytes, offset);
        offset = (offset + length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      }
    }
    return GraphEditor.of(model.build()).toBytes();
  }

  private static TensorProto reference(long offset, long length) {
    return TensorProto.newBuilder()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(entry("location", DATA_FILE))
        .addExternalData(entry("offset", String.valueOf(offset)))
        .addExternalData(entry("length", String.valueOf(length)))
        .buildPartial();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  private static ByteBuffer bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes, long offset)
      throws IOException {
    long position = offset;
    while (bytes.hasRemaining()) {
      position += channel.write(bytes, position);
    }
  }
}
