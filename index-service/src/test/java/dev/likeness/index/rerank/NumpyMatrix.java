package dev.likeness.index.rerank;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A two-dimensional float32 array from a .npy file of version 1, row by row. */
public final class NumpyMatrix {

  private static final int PREFIX = 10;
  private static final Pattern SHAPE =
      Pattern.compile("'descr': '<f4', 'fortran_order': False, 'shape': \\((\\d+), (\\d+)\\)");

  private NumpyMatrix() {}

  public static float[][] read(String resource) {
    try (InputStream in = NumpyMatrix.class.getResourceAsStream(resource)) {
      ByteBuffer file =
          ByteBuffer.wrap(Objects.requireNonNull(in, resource).readAllBytes())
              .order(ByteOrder.LITTLE_ENDIAN);
      int headerLength = file.getShort(PREFIX - 2);
      String header = new String(file.array(), PREFIX, headerLength, StandardCharsets.US_ASCII);
      Matcher shape = SHAPE.matcher(header);
      if (!shape.find()) {
        throw new IOException(resource + " is no float32 matrix: " + header);
      }
      float[][] rows =
          new float[Integer.parseInt(shape.group(1))][Integer.parseInt(shape.group(2))];
      file.position(PREFIX + headerLength);
      for (float[] row : rows) {
        for (int i = 0; i < row.length; i++) {
          row[i] = file.getFloat();
        }
      }
      return rows;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
