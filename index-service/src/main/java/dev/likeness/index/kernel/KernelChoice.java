package dev.likeness.index.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Supplier;

/** Which arithmetic to use; decided once at start. */
public enum KernelChoice {
  /** SIMD where the JVM offers it, with a native product of codes where that loads; or scalar. */
  AUTO,
  /** The same without native code. */
  JAVA,
  /** As auto, but the start fails where {@code jdk.incubator.vector} is missing. */
  SIMD,
  /** The plain loops of the reference. */
  SCALAR;

  private static final Logger LOG = System.getLogger(KernelChoice.class.getName());

  /**
   * The kernel to pass to the engines.
   *
   * @param product begins to load the native product, and then tells whether it is there
   * @throws IllegalStateException for {@link #SIMD} if the JVM runs without {@code --add-modules
   *     jdk.incubator.vector}
   */
  public VectorKernel kernel(Supplier<Supplier<Optional<CodeProduct>>> product) {
    VectorKernel kernel =
        switch (this) {
          case SCALAR -> new ScalarKernel();
          case SIMD -> requireSimd(product);
          case AUTO -> simdPresent() ? new SimdKernel(product.get()) : new ScalarKernel();
          case JAVA -> simdPresent() ? new SimdKernel() : new ScalarKernel();
        };
    LOG.log(Level.INFO, "vector kernel {0} (asked for {1})", kernel.name(), this);
    return kernel;
  }

  private static VectorKernel requireSimd(Supplier<Supplier<Optional<CodeProduct>>> product) {
    if (!simdPresent()) {
      throw new IllegalStateException(
          "kernel simd needs the JVM option --add-modules jdk.incubator.vector");
    }
    return new SimdKernel(product.get());
  }

  private static boolean simdPresent() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }
}
