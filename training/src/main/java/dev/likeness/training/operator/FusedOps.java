package dev.likeness.training.operator;

import dev.likeness.training.graph.FusedOperators;
import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
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
      default -> throw new UnsupportedOperatorException(List.of(context.node().operator()));
    };
  }

  private static List<Value> linear(OpContext context) {
    Tensor weight = context.tensor(1).t();
    return context.result(torch.linear(context.tensor(0), weight, context.optionalTensor(2)));
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
