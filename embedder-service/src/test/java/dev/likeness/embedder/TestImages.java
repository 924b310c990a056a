package dev.likeness.embedder;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Images good and bad. */
public final class TestImages {

  private TestImages() {}

  /** A drawing that differs from seed to seed. */
  public static byte[] jpeg(int seed) {
    return encoded("jpg", drawing(160, 120, seed));
  }

  public static byte[] png(int width, int height) {
    return encoded("png", drawing(width, height, 1));
  }

  /** Half of a JPEG file. */
  public static byte[] truncatedJpeg() {
    byte[] whole = jpeg(1);
    return Arrays.copyOf(whole, whole.length / 2);
  }

  /** What someone may have named .jpg. */
  public static byte[] text() {
    return "This is not an image.".getBytes(StandardCharsets.UTF_8);
  }

  /** A PNG file that states its size and then ends. */
  public static byte[] pngHeader(int width, int height) {
    ByteBuffer chunk = ByteBuffer.allocate(17);
    chunk.putInt(0x49484452).putInt(width).putInt(height);
    chunk.put((byte) 8).put((byte) 2).put((byte) 0).put((byte) 0).put((byte) 0);
    CRC32 crc = new CRC32();
    crc.update(chunk.array());
    ByteBuffer file = ByteBuffer.allocate(8 + 4 + 17 + 4);
    file.putLong(0x89504E470D0A1A0AL).putInt(13).put(chunk.array()).putInt((int) crc.getValue());
    return file.array();
  }

  private static BufferedImage drawing(int width, int height, int seed) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(new Color(40 * (seed % 6), 255 - 30 * (seed % 8), 90));
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(Color.WHITE);
    graphics.fillOval(seed % 50, seed % 30, width / 2, height / 2);
    graphics.dispose();
    return image;
  }

  private static byte[] encoded(String format, BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, format, out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }
}
