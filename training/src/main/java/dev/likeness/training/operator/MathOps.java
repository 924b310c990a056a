package dev.likeness.training.operator;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Arithmetic, element by element, with broadcasting. */
final class MathOps {

  private MathOps() {}

  static void addTo(OperatorRegistry registry) {
    registry
        .add("Add", binary(Tensor::add))
        .add("Sub", binary(Tensor::sub))
        .add("Mul", binary(Tensor::mul))
        .add("Div", MathOps::divide)
        .add("Pow", binary(torch::pow))
        .add("Max", folded(torch::maximum))
        .add("Min", folded(torch::minimum))
        .add("Sum", folded(Tensor::add))
        .add("Sqrt", unary(Tensor::sqrt))
        .add("Neg", unary(Tensor::neg))
        .add("Abs", unary(torch::abs))
        .add("Exp", unary(torch::exp))
        .add("Log", unary(torch::log))
        .add("Reciprocal", unary(torch::reciprocal))
        .add("Erf", unary(torch::erf))
        .add("Sin", unary(torch::sin))
        .add("Cos", unary(torch::cos))
        .add("Floor", unary(Tensor::floor))
        .add("Ceil", unary(torch::ceil))
        .add("Clip", MathOps::clip);
  }

  static OpKernel unary(UnaryOperator<Tensor> operator) {
    return context -> context.result(operator.apply(context.tensor(0)));
  }

  private static OpKernel binary(BinaryOperator<Tensor> operator) {
    return context -> context.result(operator.apply(context.tensor(0), context.tensor(1)));
  }

  /** Any number of inputs. */
  private static OpKernel folded(BinaryOperator<Tensor> operator) {
    return context -> {
      Tensor result = context.tensor(0);
      for (int i = 1; i < context.inputs().size(); i++) {
        result = operator.apply(result, context.tensor(i));
      }
      // Of one input the result is another handle: the input is freed on its own.
      return context.result(context.inputs().size() == 1 ? result.alias() : result);
    };
  }

  /** Integers are divided towards zero. */
  private static List<Value> divide(OpContext context) {
    if (!context.allOnHost()) {
      return context.result(context.tensor(0).div(context.tensor(1)));
    }
    Tensor quotient =
        context.tensor(0).to(ScalarType.Double).div(context.tensor(1).to(ScalarType.Double));
    return context.result(torch.trunc(quotient).to(ScalarType.Long));
  }

  private static List<Value> clip(OpContext context) {
    Tensor result = context.tensor(0).alias();
    if (context.has(1)) {
      result = torch.maximum(result, context.tensor(1));
    } else if (context.attributes().has("min")) {
      result = result.clamp_min(new Scalar(context.attributes().number("min", 0)));
    }
    if (context.has(2)) {
      result = torch.minimum(result, context.tensor(2));
    } else if (context.attributes().has("max")) {
      result = result.clamp_max(new Scalar(context.attributes().number("max", 0)));
    }
    return context.result(result);
  }
}
