package dev.likeness.encoders.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/** Element types that checkpoints hold. Names are those of safetensors; all are little-endian. */
public enum TensorType {
  F64(8, true, "DoubleStorage"),
  F32(4, true, "FloatStorage"),
  F16(2, true, "HalfStorage"),
  BF16(2, true, "BFloat16Storage"),
  I64(8, false, "LongStorage"),
  I32(4, false, "IntStorage"),
  I16(2, false, "ShortStorage"),
  I8(1, false, "CharStorage"),
  U64(8, false, ""),
  U32(4, false, ""),
  U16(2, false, ""),
  U8(1, false, "ByteStorage"),
  BOOL(1, false, "BoolStorage"),
  F8_E4M3(1, false, ""),
  F8_E5M2(1, false, "");

  private final int byteSize;
  private final boolean convertible;
  private final String torchStorage;

  TensorType(int byteSize, boolean convertible, String torchStorage) {
    this.byteSize = byteSize;
    this.convertible = convertible;
    this.torchStorage = torchStorage;
  }

  /** Bytes of one element. */
  public int byteSize() {
    return byteSize;
  }

  /** Whether values are read as float32. Integers are buffers such as position ids, not weights. */
  public boolean isFloat() {
    return convertible;
  }

  static Optional<TensorType> ofSafetensors(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /**
   * @param storageClass such as {@code FloatStorage}
   */
  static Optional<TensorType> ofTorchStorage(String storageClass) {
    return Arrays.stream(values())
        .filter(type -> !storageClass.isEmpty() && type.torchStorage.equals(storageClass))
        .findFirst();
  }
}
