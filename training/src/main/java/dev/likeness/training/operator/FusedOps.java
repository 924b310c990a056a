package dev.likeness.training.operator;

import dev.likeness.training.graph.FusedOperators;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/** What joined nodes do. */
final class FusedOps {

  private FusedOps() {}

  static List<Value> run(OpContext context) {
    return switch (context.node().operator()) {
      case FusedOperators.LINEAR -> linear(context);
      case FusedOperators.ATTENTION -> attention(context);
      case FusedOperators.BOUNDED -> bounded(context);
      case FusedOperators.RECTIFIED -> rectified(context);
      case FusedOperators.SILU -> context.result(torch.silu(context.tensor(0)));
      default -> throw new UnsupportedOperatorException(List.of(context.node().operator()));
    };
  }

  private static List<Value> linear(OpContext context) {
    Tensor weight = context.tensor(1).t();
    return context.result(torch.linear(context.tensor(0), weight, context.optionalTensor(2)));
  }

  /** Where a limit is met exactly, the gradient is 0. */
  private static List<Value> bounded(OpContext context) {
    Tensor x = context.tensor(0);
    Scalar min = new Scalar(context.attributes().number("min", 0));
    Scalar max = new Scalar(context.attributes().number("max", 0));
    if (!context.attributes().flag(FusedOperators.IN_PLACE, false)) {
      return context.result(torch.hardtanh(x, min, max));
    }
    Tensor unused = torch.hardtanh_(x, min, max);
    return context.result(new Tensor(x));
  }

  /** The result is another handle: that of the input is freed on its own. */
  private static List<Value> rectified(OpContext context) {
    Tensor x = context.tensor(0);
    Tensor unused = torch.relu_(x);
    return context.result(new Tensor(x));
  }

  /** Scaled by 1: whatever scale the graph has is in q or k. */
  private static List<Value> attention(OpContext context) {
    return context.result(
        torch.scaled_dot_product_attention(
            context.tensor(0),
            context.tensor(1).transpose(-2, -1),
            context.tensor(2),
            new TensorOptional(),
            0,
            false,
            new DoubleOptional(1.0),
            false));
  }
}
