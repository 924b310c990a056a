package dev.likeness.embedder;

import dev.likeness.encoders.architecture.ArchitectureCatalog;
import dev.likeness.encoders.architecture.TensorSpec;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files of weights, good and bad. */
public final class TestWeights {

  private TestWeights() {}

  /** All tensors of a network with values of no meaning, as safetensors. */
  public static byte[] safetensors(String encoder) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(encoder, bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** The same into a file, for networks that are larger than the heap. */
  public static Path safetensors(String encoder, Path file) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
      write(encoder, out);
    }
    return file;
  }

  private static void write(String encoder, OutputStream out) throws IOException {
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
    ByteBuffer value = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(value.putLong(0, json.length).array());
    out.write(json);
    SplittableRandom random = new SplittableRandom(1);
    for (TensorSpec tensor : tensors) {
      DoubleUnaryOperator formula = formula(tensor, gain(encoder));
      for (long i = 0; i < tensor.elementCount(); i++) {
        value.putFloat(0, (float) formula.applyAsDouble(2 * random.nextDouble() - 1));
        out.write(value.array(), 0, Float.BYTES);
      }
    }
  }

  /** Keeps the values of deep networks in range. */
  private static double gain(String encoder) {
    return switch (encoder) {
      case "resnet34", "resnet50", "resnet101", "resnet152" -> 1.0;
      case "googlenet" -> 1.5;
      case "efficientnet-b0", "efficientnet-b3" -> 1.8;
      default -> Math.sqrt(2);
    };
  }

  /** What becomes of a value between -1 and 1. */
  private static DoubleUnaryOperator formula(TensorSpec tensor, double gain) {
    if (tensor.name().endsWith("running_mean")) {
      return u -> 0.1 * u;
    }
    if (tensor.name().endsWith("running_var")) {
      return u -> 1 + 0.5 * Math.abs(u);
    }
    if (tensor.shape().size() == 1) {
      return tensor.name().endsWith("bias") ? u -> 0.05 * u : u -> 1 + 0.1 * u;
    }
    long fanIn = tensor.shape().stream().skip(1).reduce(1L, Math::multiplyExact);
    return u -> u * gain * Math.sqrt(3.0 / fanIn);
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
