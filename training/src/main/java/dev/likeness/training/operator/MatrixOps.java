package dev.likeness.training.operator;

import dev.likeness.training.graph.NodeAttributes;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Products of matrices. */
final class MatrixOps {

  private MatrixOps() {}

  static void addTo(OperatorRegistry registry) {
    registry
        .add(
            "MatMul", context -> context.result(torch.matmul(context.tensor(0), context.tensor(1))))
        .add("Gemm", MatrixOps::gemm);
  }

  /** alpha · A · B + beta · C, A and B transposed on demand. */
  private static List<Value> gemm(OpContext context) {
    NodeAttributes attributes = context.attributes();
    double alpha = attributes.number("alpha", 1);
    double beta = attributes.number("beta", 1);
    Tensor a = attributes.flag("transA", false) ? context.tensor(0).t() : context.tensor(0);
    Tensor b = context.tensor(1);
    boolean transposed = attributes.flag("transB", false);
    if (transposed && alpha == 1 && beta == 1 && (!context.has(2) || context.rank(2) == 1)) {
      return context.result(torch.linear(a, b, context.optionalTensor(2)));
    }
    Tensor right = transposed ? b.t() : b;
    if (!context.has(2)) {
      Tensor product = torch.matmul(a, right);
      return context.result(alpha == 1 ? product : product.mul(new Scalar(alpha)));
    }
    return context.result(
        torch.addmm(context.tensor(2), a, right, new Scalar(beta), new Scalar(alpha)));
  }
}
