package dev.likeness.training.finetune.checkpoint;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/**
 * Writes a checkpoint, one tensor at a time, so that no more than one is on the Java heap.
 *
 * <p>All numbers big-endian except tensor values:
 *
 * <pre>
 * 8 bytes   "LKNSCKPT"
 * int32     version, 1
 * int32     number of values, then for each: text key, text value
 * for each tensor: byte 1, text name, int32 count, count × float32 little-endian
 * byte      0: no further tensor
 * int64     CRC-32C of all bytes before it
 * </pre>
 *
 * A text is an int32 length in bytes and UTF-8.
 */
final class CheckpointWriter implements Closeable {

  static final byte[] MAGIC = "LKNSCKPT".getBytes(StandardCharsets.US_ASCII);
  static final int VERSION = 1;

  private static final int BUFFER = 1 << 16;

  private final FileOutputStream file;
  private final CRC32C checksum = new CRC32C();
  private final DataOutputStream out;

  CheckpointWriter(Path path, Map<String, String> values) throws IOException {
    this.file = new FileOutputStream(path.toFile());
    this.out =
        new DataOutputStream(
            new CheckedOutputStream(new BufferedOutputStream(file, BUFFER), checksum));
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(values.size());
    for (Map.Entry<String, String> value : values.entrySet()) {
      text(value.getKey());
      text(value.getValue());
    }
  }

  void tensor(String name, float[] values) throws IOException {
    out.writeByte(1);
    text(name);
    out.writeInt(values.length);
    ByteBuffer bytes = ByteBuffer.allocate(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; ) {
      int count = Math.min(BUFFER / Float.BYTES, values.length - i);
      bytes.clear();
      bytes.asFloatBuffer().put(values, i, count);
      out.write(bytes.array(), 0, count * Float.BYTES);
      i += count;
    }
  }

  /** Writes the end and waits until all is on the disk. */
  void finish() throws IOException {
    out.writeByte(0);
    out.writeLong(checksum.getValue());
    out.flush();
    file.getFD().sync();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void text(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }
}
