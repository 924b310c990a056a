package dev.likeness.training.finetune.spec;

/**
 * What the machine gives. Only {@code threads} and {@code bfloat16} change results, by rounding.
 *
 * @param device where tensors live
 * @param threads of libtorch and of image decoding, at least 1
 * @param bfloat16 whether products and convolutions are computed in 16 bits (weights stay 32)
 * @param activationCheckpointing whether blocks are computed a second time for backward instead of
 *     being kept
 * @param imageCacheBytes Java heap for decoded images, at least 0; the rest is decoded anew
 */
public record Execution(
    Device device,
    int threads,
    boolean bfloat16,
    boolean activationCheckpointing,
    long imageCacheBytes) {

  /** At most this much by default, and never more than a quarter of the Java heap. */
  private static final long DEFAULT_CACHE = 512L << 20;

  public Execution {
    if (threads < 1 || imageCacheBytes < 0) {
      throw new IllegalArgumentException(
          "threads must be at least 1 and the image cache at least 0 bytes, got %d and %d"
              .formatted(threads, imageCacheBytes));
    }
  }

  public static Execution defaults() {
    return new Execution(
        Device.AUTO,
        Runtime.getRuntime().availableProcessors(),
        false,
        false,
        Math.min(DEFAULT_CACHE, Runtime.getRuntime().maxMemory() / 4));
  }

  public Execution withThreads(int count) {
    return new Execution(device, count, bfloat16, activationCheckpointing, imageCacheBytes);
  }

  public Execution withDevice(Device wanted) {
    return new Execution(wanted, threads, bfloat16, activationCheckpointing, imageCacheBytes);
  }
}
