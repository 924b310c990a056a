package dev.likeness.index.kernel;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Which arithmetic to use; decided once at start. */
public enum KernelChoice {
  /** SIMD where the JVM offers it, otherwise scalar. */
  AUTO,
  /** SIMD or nothing: the start fails where {@code jdk.incubator.vector} is missing. */
  SIMD,
  /** The plain loops of the reference. */
  SCALAR;

  private static final Logger LOG = System.getLogger(KernelChoice.class.getName());

  /**
   * The kernel to pass to the engines.
   *
   * @throws IllegalStateException for {@link #SIMD} if the JVM runs without {@code --add-modules
   *     jdk.incubator.vector}
   */
  public VectorKernel kernel() {
    VectorKernel kernel =
        switch (this) {
          case SCALAR -> new ScalarKernel();
          case SIMD -> requireSimd();
          case AUTO -> simdPresent() ? new SimdKernel() : new ScalarKernel();
        };
    LOG.log(Level.INFO, "vector kernel {0} (asked for {1})", kernel.name(), this);
    return kernel;
  }

  private static VectorKernel requireSimd() {
    if (!simdPresent()) {
      throw new IllegalStateException(
          "kernel simd needs the JVM option --add-modules jdk.incubator.vector");
    }
    return new SimdKernel();
  }

  private static boolean simdPresent() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }
}
