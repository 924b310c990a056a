package dev.likeness.index.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * An ONNX model of one node: {@code sums = (rows - 128) · queries} in integers, uint8 {@code
 * [m][k]} by int8 {@code [k][n]} to int32 {@code [m][n]}. Written byte by byte as protocol buffers
 * are: a field is its number and kind, and then a number or a length with so many bytes.
 *
 * @see <a href="https://onnx.ai/onnx/operators/onnx__MatMulInteger.html">MatMulInteger</a>
 */
final class ProductModel {

  static final String ROWS = "rows";
  static final String QUERIES = "queries";
  static final String SUMS = "sums";

  private static final String OFFSET = "offset";
  private static final int UINT8 = 2;
  private static final int INT8 = 3;
  private static final int INT32 = 6;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private ProductModel() {}

  /**
   * @param offset of the rows, 0 to 255
   */
  static byte[] bytes(int offset) {
    ProductModel node =
        new ProductModel()
            .text(1, ROWS)
            .text(1, QUERIES)
            .text(1, OFFSET)
            .text(2, SUMS)
            .text(4, "MatMulInteger");
    ProductModel constant = new ProductModel().number(2, UINT8).number(5, offset).text(8, OFFSET);
    ProductModel graph =
        new ProductModel()
            .message(1, node)
            .text(2, "product")
            .message(5, constant)
            .message(11, value(ROWS, UINT8, "m", "k"))
            .message(11, value(QUERIES, INT8, "k", "n"))
            .message(12, value(SUMS, INT32, "m", "n"));
    ProductModel operators = new ProductModel().text(1, "").number(2, 13);
    return new ProductModel().number(1, 8).message(7, graph).message(8, operators).toBytes();
  }

  /** A matrix of two named dimensions. */
  private static ProductModel value(String name, int type, String rows, String columns) {
    ProductModel shape =
        new ProductModel()
            .message(1, new ProductModel().text(2, rows))
            .message(1, new ProductModel().text(2, columns));
    ProductModel tensor = new ProductModel().number(1, type).message(2, shape);
    return new ProductModel().text(1, name).message(2, new ProductModel().message(1, tensor));
  }

  private ProductModel number(int field, int value) {
    variable(field << 3);
    variable(value);
    return this;
  }

  private ProductModel text(int field, String value) {
    return block(field, value.getBytes(StandardCharsets.UTF_8));
  }

  private ProductModel message(int field, ProductModel value) {
    return block(field, value.toBytes());
  }

  private ProductModel block(int field, byte[] value) {
    variable(field << 3 | 2);
    variable(value.length);
    bytes.writeBytes(value);
    return this;
  }

  /** Seven bits at a time, the low ones first. */
  private void variable(int value) {
    int left = value;
    for (; left > 0x7f; left >>>= 7) {
      bytes.write((left & 0x7f) | 0x80);
    }
    bytes.write(left);
  }

  private byte[] toBytes() {
    return bytes.toByteArray();
  }
}
