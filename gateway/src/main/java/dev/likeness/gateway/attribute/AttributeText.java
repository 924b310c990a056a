package dev.likeness.gateway.attribute;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The text of a file of attributes: UTF-8, of limited size. */
final class AttributeText {

  /** The gateway's heap is small, and what is read takes several times the room of the file. */
  static final int MAX_BYTES = 16 << 20;

  private AttributeText() {}

  /**
   * @throws AttributeFileException if it is absent, too large, or no UTF-8
   */
  static String read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new AttributeFileException(
            file, Files.exists(file) ? "it is no file" : "there is no such file; correct the path");
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
          throw new AttributeFileException(
              file,
              "it has more than %d bytes; leave out columns that nobody filters by"
                  .formatted(MAX_BYTES));
        }
        return decode(file, bytes);
      }
    } catch (NoSuchFileException e) {
      throw new AttributeFileException(file, "there is no such file; correct the path");
    } catch (AccessDeniedException e) {
      throw new AttributeFileException(file, "permission denied; allow reading it");
    } catch (IOException e) {
      throw new AttributeFileException(file, String.valueOf(e.getMessage()));
    }
  }

  private static String decode(Path file, byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    if (decoder.decode(in, out, true).isError()) {
      int line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw new AttributeFileException(file, line, "this is no UTF-8; save the file as UTF-8");
    }
    return out.flip().toString();
  }
}
