package dev.likeness.training.operator;

import java.util.List;
import java.util.function.BinaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Comparisons and choices. */
final class LogicOps {

  private LogicOps() {}

  static void addTo(OperatorRegistry registry) {
    registry
        .add("Equal", compare(Tensor::eq))
        .add("Greater", compare(Tensor::gt))
        .add("GreaterOrEqual", compare(Tensor::ge))
        .add("Less", compare(Tensor::lt))
        .add("LessOrEqual", compare(Tensor::le))
        .add("Not", MathOps.unary(Tensor::logical_not))
        .add("And", compare(torch::logical_and))
        .add("Or", compare(torch::logical_or))
        .add("IsNaN", MathOps.unary(torch::isnan))
        .add("Where", LogicOps::where);
  }

  private static OpKernel compare(BinaryOperator<Tensor> comparison) {
    return context -> context.result(comparison.apply(context.tensor(0), context.tensor(1)));
  }

  private static List<Value> where(OpContext context) {
    Tensor condition = context.tensor(0).to(ScalarType.Bool);
    return context.result(torch.where(condition, context.tensor(1), context.tensor(2)));
  }
}
