package dev.likeness.training.operator;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Activations and softmax. */
final class ActivationOps {

  /** From this version on softmax runs along one axis; before, along all from the axis on. */
  private static final int OPSET_WITH_ONE_SOFTMAX_AXIS = 13;

  private interface AlongAxis {
    Tensor apply(Tensor input, long axis);
  }

  private ActivationOps() {}

  static void addTo(OperatorRegistry registry) {
    registry
        .add("Relu", MathOps.unary(torch::relu))
        .add("Sigmoid", MathOps.unary(torch::sigmoid))
        .add("Tanh", MathOps.unary(torch::tanh))
        .add("Softplus", MathOps.unary(torch::softplus))
        .add("HardSwish", MathOps.unary(torch::hardswish))
        .add("HardSigmoid", ActivationOps::hardSigmoid)
        .add("LeakyRelu", ActivationOps::leakyRelu)
        .add("Elu", ActivationOps::elu)
        .add("PRelu", ActivationOps::parametricRelu)
        .add("Gelu", ActivationOps::gelu)
        .add("Softmax", context -> softmax(context, torch::softmax))
        .add("LogSoftmax", context -> softmax(context, torch::log_softmax));
  }

  private static List<Value> gelu(OpContext context) {
    String approximate = context.attributes().text("approximate", "none");
    return context.result(torch.gelu(context.tensor(0), approximate));
  }

  private static List<Value> leakyRelu(OpContext context) {
    double slope = context.attributes().number("alpha", 0.01);
    return context.result(torch.leaky_relu(context.tensor(0), new Scalar(slope)));
  }

  private static List<Value> elu(OpContext context) {
    double alpha = context.attributes().number("alpha", 1);
    Scalar one = new Scalar(1.0);
    return context.result(torch.elu(context.tensor(0), new Scalar(alpha), one, one));
  }

  /** x where positive, slope · x elsewhere; the slope is broadcast. */
  private static List<Value> parametricRelu(OpContext context) {
    Tensor x = context.tensor(0);
    Tensor negative = x.clamp_max(new Scalar(0.0)).mul(context.tensor(1));
    return context.result(torch.relu(x).add(negative));
  }

  /** max(0, min(1, alpha · x + beta)). */
  private static List<Value> hardSigmoid(OpContext context) {
    Scalar alpha = new Scalar(context.attributes().number("alpha", 0.2));
    Scalar beta = new Scalar(context.attributes().number("beta", 0.5));
    Tensor line = context.tensor(0).mul(alpha).add(beta);
    return context.result(line.clamp_min(new Scalar(0.0)).clamp_max(new Scalar(1.0)));
  }

  private static List<Value> softmax(OpContext context, AlongAxis operator) {
    long[] shape = context.shape(0);
    if (context.opset() >= OPSET_WITH_ONE_SOFTMAX_AXIS) {
      int axis = context.axis("axis", -1, shape.length);
      return context.result(operator.apply(context.tensor(0), axis));
    }
    int axis = context.axis("axis", 1, shape.length);
    long rows = IntStream.range(0, axis).mapToLong(i -> shape[i]).reduce(1, (a, b) -> a * b);
    Tensor flat = context.tensor(0).reshape(rows, -1);
    return context.result(operator.apply(flat, 1).reshape(shape));
  }
}
