package dev.likeness.encoders.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** JPEG files of every kind that Java's encoder can be talked into. */
record JpegExamples(int horizontal, int vertical, int restartInterval, boolean progressive) {

  private static final String FORMAT = "javax_imageio_jpeg_image_1.0";

  static JpegExamples sampled(int horizontal, int vertical) {
    return new JpegExamples(horizontal, vertical, 0, false);
  }

  /** Smooth areas, hard edges and noise, whose chrominance changes as quickly as luminance. */
  static BufferedImage drawing(int width, int height, boolean gray, Random random) {
    int type = gray ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int kind = (x / 13 + y / 11) % 3;
        int color =
            kind == 0 ? random.nextInt(1 << 24) : kind == 1 ? (x * 3) << 16 | y * 5 : 0xF00D;
        if (gray) {
          image.getRaster().setSample(x, y, 0, color & 0xFF);
        } else {
          image.setRGB(x, y, color);
        }
      }
    }
    return image;
  }

  byte[] encode(BufferedImage image, float quality) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    parameters.setCompressionQuality(quality);
    if (progressive) {
      parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    }
    IIOMetadata metadata =
        writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), parameters);
    Element root = (Element) metadata.getAsTree(FORMAT);
    if (image.getRaster().getNumBands() == 3) {
      Element first = (Element) root.getElementsByTagName("componentSpec").item(0);
      first.setAttribute("HsamplingFactor", String.valueOf(horizontal));
      first.setAttribute("VsamplingFactor", String.valueOf(vertical));
    }
    if (restartInterval > 0) {
      IIOMetadataNode interval = new IIOMetadataNode("dri");
      interval.setAttribute("interval", String.valueOf(restartInterval));
      NodeList frames = root.getElementsByTagName("sof");
      frames.item(0).getParentNode().insertBefore(interval, frames.item(0));
    }
    metadata.setFromTree(FORMAT, root);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, metadata), parameters);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
