package dev.likeness.training.finetune.spec;

import java.util.Arrays;
import java.util.Locale;

/** Where tensors live. */
public enum Device {
  /** CUDA where libtorch has it and finds a device, else the processor. */
  AUTO,
  CPU,
  /** As AUTO, with a note where the processor has to do instead; never a failure. */
  CUDA;

  /**
   * @throws IllegalArgumentException if the text is none of auto, cpu, cuda
   */
  public static Device parse(String text) {
    return Arrays.stream(values())
        .filter(device -> device.name().equals(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the device is one of auto, cpu, cuda; got '%s'".formatted(text)));
  }
}
