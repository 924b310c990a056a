package dev.likeness.embedder;

import dev.likeness.encoders.architecture.ArchitectureCatalog;
import dev.likeness.encoders.architecture.TensorSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files of weights, good and bad. */
public final class TestWeights {

  private TestWeights() {}

  /** All tensors of a network with values of no meaning, as safetensors. */
  public static byte[] safetensors(String encoder) {
    List<TensorSpec> tensors = ArchitectureCatalog.require(encoder).build().weights();
    StringBuilder header = new StringBuilder("{");
    long offset = 0;
    for (TensorSpec tensor : tensors) {
      long end = offset + tensor.elementCount() * Float.BYTES;
      header
          .append(offset == 0 ? "" : ",")
          .append(
              "\"%s\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
                  .formatted(tensor.name(), tensor.shape(), offset, end));
      offset = end;
    }
    byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(Math.toIntExact(Long.BYTES + json.length + offset))
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    SplittableRandom random = new SplittableRandom(1);
    for (TensorSpec tensor : tensors) {
      long fanIn = tensor.shape().stream().skip(1).reduce(1L, Math::multiplyExact);
      double scale = tensor.shape().size() == 1 ? 0.1 : 1.8 * Math.sqrt(3.0 / fanIn);
      double centre = tensor.shape().size() == 1 && !tensor.name().endsWith("bias") ? 1 : 0;
      for (long i = 0; i < tensor.elementCount(); i++) {
        file.putFloat((float) (centre + scale * (2 * random.nextDouble() - 1)));
      }
    }
    return file.array();
  }

  /** A torch file that would run a command where pickles are trusted. */
  public static byte[] pickleThatRunsACommand() throws IOException {
    byte[] pickle = "cposix\nsystem\n(S'true'\ntR.".getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      ZipEntry entry = new ZipEntry("archive/data.pkl");
      CRC32 checksum = new CRC32();
      checksum.update(pickle);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(pickle.length);
      entry.setCrc(checksum.getValue());
      zip.putNextEntry(entry);
      zip.write(pickle);
      zip.closeEntry();
    }
    return bytes.toByteArray();
  }
}
