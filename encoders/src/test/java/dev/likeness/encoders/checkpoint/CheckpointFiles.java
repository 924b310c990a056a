package dev.likeness.encoders.checkpoint;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes the file forms that torch and safetensors write. */
public final class CheckpointFiles {

  private CheckpointFiles() {}

  public static Path safetensors(Path file, SequencedMap<String, TestTensor> tensors)
      throws IOException {
    StringBuilder header = new StringBuilder("{\"__metadata__\":{\"format\":\"pt\"}");
    long offset = 0;
    for (Map.Entry<String, TestTensor> entry : tensors.entrySet()) {
      TestTensor tensor = entry.getValue();
      long end = offset + tensor.storageElements() * tensor.type().byteSize();
      header.append(
          ",\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(entry.getKey(), tensor.type(), tensor.shape(), offset, end));
      offset = end;
    }
    header.append('}');
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(safetensorsHeader(header.toString()));
      for (TestTensor tensor : tensors.values()) {
        out.write(tensor.bytes());
      }
    }
    return file;
  }

  static byte[] safetensorsHeader(String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    return little(Long.BYTES + text.length).putLong(text.length).put(text).array();
  }

  public static Path torchZip(Path file, SequencedMap<String, TestTensor> tensors)
      throws IOException {
    return torchZip(file, stateDict(tensors, false, UnaryOperator.identity()), tensors);
  }

  /**
   * @param tensors their storages are written as data/0, data/1 and so on
   */
  static Path torchZip(Path file, byte[] pickle, SequencedMap<String, TestTensor> tensors)
      throws IOException {
    try (ZipOutputStream zip =
        new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      store(zip, "archive/data.pkl", pickle);
      store(zip, "archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      int key = 0;
      for (TestTensor tensor : tensors.values()) {
        store(zip, "archive/data/" + key++, tensor.bytes());
      }
      store(zip, "archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }
    return file;
  }

  static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.length);
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  public static Path torchLegacy(Path file, SequencedMap<String, TestTensor> tensors)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      out.write(legacyPreamble());
      out.write(stateDict(tensors, true, UnaryOperator.identity()));
      PickleWriter keys = new PickleWriter().raw(']', '(');
      for (int key = 0; key < tensors.size(); key++) {
        keys.text(String.valueOf(key));
      }
      out.write(keys.raw('e').stop());
      for (TestTensor tensor : tensors.values()) {
        out.write(little(Long.BYTES).putLong(tensor.storageElements()).array());
        out.write(tensor.bytes());
      }
    }
    return file;
  }

  static byte[] legacyPreamble() {
    byte[] magic =
        new PickleWriter()
            .raw(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19)
            .stop();
    byte[] protocol = new PickleWriter().raw('M', 0xe9, 0x03).stop();
    byte[] system =
        new PickleWriter()
            .raw('}', '(')
            .text("protocol_version")
            .raw('M', 0xe9, 0x03)
            .text("little_endian")
            .raw(0x88)
            .text("type_sizes")
            .raw('}', '(')
            .text("short")
            .raw('K', 2)
            .raw('u', 'u')
            .stop();
    return little(magic.length + protocol.length + system.length)
        .put(magic)
        .put(protocol)
        .put(system)
        .array();
  }

  /** An OrderedDict with metadata as attribute, as state_dict() gives. */
  static byte[] stateDict(
      SequencedMap<String, TestTensor> tensors, boolean legacy, UnaryOperator<String> rename) {
    return stateDictInto(new PickleWriter(), tensors, legacy, rename).stop();
  }

  static PickleWriter stateDictInto(
      PickleWriter pickle,
      SequencedMap<String, TestTensor> tensors,
      boolean legacy,
      UnaryOperator<String> rename) {
    pickle.orderedDict().raw('q', 1, '(');
    int key = 0;
    for (Map.Entry<String, TestTensor> entry : tensors.entrySet()) {
      pickle.text(rename.apply(entry.getKey()));
      pickle.tensor(entry.getValue(), String.valueOf(key++), legacy);
    }
    return pickle.raw('u', '}').text("_metadata").orderedDict().raw('s', 'b');
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
