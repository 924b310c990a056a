package dev.likeness.index.kernel;

class SimdKernelTest extends VectorKernelContract {
  @Override
  VectorKernel kernel() {
    return new SimdKernel();
  }
}
