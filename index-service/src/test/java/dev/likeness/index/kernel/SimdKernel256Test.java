package dev.likeness.index.kernel;

/** Registers of 256 bit; the JVM emulates those that the machine does not have. */
class SimdKernel256Test extends VectorKernelContract {
  @Override
  VectorKernel kernel() {
    return new SimdKernel(new Tiles256());
  }
}
