package dev.likeness.encoders.quantize;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Puts the values of weights into the graph, or, where the whole is large, into a file beside it.
 */
final class WeightWriter implements AutoCloseable {

  /** Name of that file. */
  static final String DATA_FILE = "encoder.onnx.data";

  /** Small tensors stay in the graph even so. */
  private static final int ALWAYS_INLINE = 1024;

  /** Weights start at pages, so that runtimes can map them. */
  private static final long ALIGNMENT = 4096;

  private final Path file;
  private final FileChannel channel;
  private final boolean inline;
  private long end;

  /**
   * @param folder where the file is written
   * @param inline whether all values go into the graph
   */
  WeightWriter(Path folder, boolean inline) throws IOException {
    this.file = folder.resolve(DATA_FILE);
    this.inline = inline;
    this.channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  /** Where the file lies, by its location in the graph; empty if nothing was written to it. */
  Map<String, Path> files() {
    return end == 0 ? Map.of() : Map.of(DATA_FILE, file);
  }

  /**
   * @param declaration name, type and shape
   * @param values little-endian
   */
  TensorProto store(TensorProto.Builder declaration, ByteBuffer values) {
    int length = values.remaining();
    if (inline || length <= ALWAYS_INLINE) {
      return declaration.setRawData(ByteString.copyFrom(values)).build();
    }
    try {
      long position = end;
      while (values.hasRemaining()) {
        position += channel.write(values, position);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException("the weights cannot be written to " + file, failed);
    }
    TensorProto stored =
        declaration
            .setDataLocation(TensorProto.DataLocation.EXTERNAL)
            .addExternalData(entry("location", DATA_FILE))
            .addExternalData(entry("offset", String.valueOf(end)))
            .addExternalData(entry("length", String.valueOf(length)))
            .build();
    end = (end + length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    return stored;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }
}
