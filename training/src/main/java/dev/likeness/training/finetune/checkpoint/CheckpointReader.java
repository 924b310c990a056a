package dev.likeness.training.finetune.checkpoint;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/** Reads what {@link CheckpointWriter} wrote. */
final class CheckpointReader {

  private static final int BUFFER = 1 << 16;

  /** Far above any name or value; a damaged length must not fill the memory. */
  private static final int LONGEST_TEXT = 1 << 24;

  private CheckpointReader() {}

  /**
   * @param tensor is told each tensor, before the checksum is known
   * @return the values
   * @throws IOException if the file is damaged, cut short or of another format
   */
  static Map<String, String> read(Path path, BiConsumer<String, float[]> tensor)
      throws IOException {
    CRC32C checksum = new CRC32C();
    long size = Files.size(path);
    try (DataInputStream in =
        new DataInputStream(
            new CheckedInputStream(
                new BufferedInputStream(Files.newInputStream(path), BUFFER), checksum))) {
      if (!Arrays.equals(in.readNBytes(CheckpointWriter.MAGIC.length), CheckpointWriter.MAGIC)
          || in.readInt() != CheckpointWriter.VERSION) {
        throw new IOException("it is no checkpoint of this version");
      }
      Map<String, String> values = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        values.put(text(in), text(in));
      }
      while (in.readByte() == 1) {
        String name = text(in);
        int count = in.readInt();
        if (count < 0 || (long) count * Float.BYTES > size) {
          throw new IOException("a length in it is damaged");
        }
        tensor.accept(name, floats(in, count));
      }
      long expected = checksum.getValue();
      if (in.readLong() != expected) {
        throw new IOException("its checksum is wrong");
      }
      return values;
    }
  }

  private static float[] floats(DataInputStream in, int count) throws IOException {
    float[] values = new float[count];
    byte[] bytes = new byte[BUFFER];
    for (int i = 0; i < count; ) {
      int next = Math.min(BUFFER / Float.BYTES, count - i);
      in.readFully(bytes, 0, next * Float.BYTES);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values, i, next);
      i += next;
    }
    return values;
  }

  private static String text(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > LONGEST_TEXT) {
      throw new IOException("a length in it is damaged");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
