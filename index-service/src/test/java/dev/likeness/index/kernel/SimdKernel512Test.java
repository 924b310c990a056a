package dev.likeness.index.kernel;

/** Registers of 512 bit; the JVM emulates those that the machine does not have. */
class SimdKernel512Test extends VectorKernelContract {
  @Override
  VectorKernel kernel() {
    return new SimdKernel(new Tiles512());
  }
}
