package dev.likeness.index.kernel;

class ScalarProductTest extends CodeProductContract {
  @Override
  protected CodeProduct product() {
    return new ScalarProduct();
  }
}
