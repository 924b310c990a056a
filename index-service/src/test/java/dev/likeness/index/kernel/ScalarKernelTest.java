package dev.likeness.index.kernel;

class ScalarKernelTest extends VectorKernelContract {
  @Override
  VectorKernel kernel() {
    return new ScalarKernel();
  }
}
