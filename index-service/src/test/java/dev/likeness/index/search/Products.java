package dev.likeness.index.search;

import dev.likeness.index.kernel.CodeProduct;
import dev.likeness.index.kernel.SimdKernel;
import dev.likeness.index.kernel.VectorKernel;
import dev.likeness.index.onnx.OnnxProduct;
import java.util.Optional;

/** Kernels with a product of codes, and the policy that uses it always. */
final class Products {

  /** For any number of queries and rows, whatever k is, and however many candidates there are. */
  static final ScanPolicy ALWAYS = new ScanPolicy(0, 0, 0, 1, 0, 1);

  static final CodeProduct ONNX = OnnxProduct.load().orElseThrow();

  private Products() {}

  static VectorKernel with(CodeProduct product) {
    return new SimdKernel(() -> Optional.of(product));
  }
}
