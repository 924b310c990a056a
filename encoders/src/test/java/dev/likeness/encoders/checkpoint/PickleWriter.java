package dev.likeness.encoders.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes pickle codes of protocol 2, as torch.save does, one method per construct. */
public final class PickleWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  public PickleWriter() {
    raw(0x80, 2);
  }

  public PickleWriter raw(int... bytes) {
    for (int value : bytes) {
      out.write(value);
    }
    return this;
  }

  public PickleWriter ascii(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  public PickleWriter global(String module, String name) {
    return ascii("c" + module + "\n" + name + "\n");
  }

  public PickleWriter text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    raw('X');
    out.writeBytes(little(4).putInt(bytes.length).array());
    out.writeBytes(bytes);
    return this;
  }

  public PickleWriter number(long value) {
    raw(0x8a, 8);
    out.writeBytes(little(8).putLong(value).array());
    return this;
  }

  public PickleWriter tuple(List<Long> values) {
    raw('(');
    values.forEach(this::number);
    return raw('t');
  }

  public PickleWriter orderedDict() {
    return global("collections", "OrderedDict").raw(')', 'R');
  }

  /** A persistent id: ('storage', class, key, 'cpu', elements), and None as legacy view. */
  public PickleWriter storage(String storageClass, String key, long elements, boolean legacy) {
    raw('(').text("storage").global("torch", storageClass).text(key).text("cpu").number(elements);
    if (legacy) {
      raw('N');
    }
    return raw('t', 'Q');
  }

  /** A tensor that fills its storage. */
  public PickleWriter tensor(TestTensor tensor, String key, boolean legacy) {
    return view(tensor, key, tensor.storageElements(), legacy);
  }

  public PickleWriter view(TestTensor tensor, String key, long storageElements, boolean legacy) {
    global("torch._utils", "_rebuild_tensor_v2").raw('(');
    storage(tensor.storageClass(), key, storageElements, legacy);
    number(tensor.offset()).tuple(tensor.shape()).tuple(tensor.strides());
    return raw(0x89).orderedDict().raw('t', 'R');
  }

  public byte[] stop() {
    raw('.');
    return out.toByteArray();
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
