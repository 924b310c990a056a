package dev.likeness.training.operator;

import dev.likeness.training.torch.Tensors;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Integers or truth values (0 and 1) that shapes are computed with. They stay in Java, so that no
 * shape waits for a device. Immutable.
 */
public final class HostLongs implements Value {

  private final long[] values;
  private final long[] shape;

  /**
   * @param shape empty for a scalar
   */
  public HostLongs(long[] values, long... shape) {
    long length = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (length != values.length) {
      throw new IllegalArgumentException(
          "shape %s needs %d values, got %d"
              .formatted(Arrays.toString(shape), length, values.length));
    }
    this.values = values.clone();
    this.shape = shape.clone();
  }

  static HostLongs list(long... values) {
    return new HostLongs(values, values.length);
  }

  public long[] values() {
    return values.clone();
  }

  public long[] shape() {
    return shape.clone();
  }

  Tensor toTensor() {
    return Tensors.of(values, shape);
  }
}
