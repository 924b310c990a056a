package dev.likeness.training.torch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The number format in which its thread computes products and convolutions while it is open; the
 * one before comes back with {@link #close}. Weights stay float32; libtorch chooses the operators.
 */
public final class Autocast implements AutoCloseable {

  private static final DeviceType[] DEVICES = {DeviceType.CPU, DeviceType.CUDA};

  private final boolean before = torch.is_autocast_enabled(DeviceType.CPU);

  private Autocast(boolean on) {
    for (DeviceType device : DEVICES) {
      if (on) {
        torch.set_autocast_dtype(device, ScalarType.BFloat16);
      }
      torch.set_autocast_enabled(device, on);
    }
  }

  /**
   * @param wanted false computes in the format of the tensors
   */
  public static Autocast bfloat16(boolean wanted) {
    return new Autocast(wanted);
  }

  @Override
  public void close() {
    if (!before) {
      // It holds weights in 16 bits, which an update soon makes those of yesterday.
      torch.clear_cache();
    }
    for (DeviceType device : DEVICES) {
      torch.set_autocast_enabled(device, before);
    }
  }
}
