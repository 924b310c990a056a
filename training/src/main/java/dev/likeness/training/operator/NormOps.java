package dev.likeness.training.operator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Normalisations. Batch normalisation in training uses the batch's statistics and moves the running
 * ones in place, whatever the file's {@code training_mode}: in the file that says how it is served.
 */
final class NormOps {

  private static final double EPSILON = 1e-5;
  private static final double SMALLEST_LENGTH = 1e-12;

  /** ONNX keeps momentum as float32 and counts the other way round: 0.9 there is 0.1 here. */
  private static final double MOMENTUM_DIGITS = 1e6;

  private NormOps() {}

  static void addTo(OperatorRegistry registry) {
    registry
        .add("BatchNormalization", NormOps::batch)
        .add(
            "LayerNormalization",
            NormOps::layer,
            node ->
                node.outputs().size() > 1
                    ? Optional.of("outputs for mean and deviation")
                    : Optional.empty())
        .add("InstanceNormalization", NormOps::instance)
        .add("LpNormalization", NormOps::length);
  }

  private static List<Value> batch(OpContext context) {
    double kept = context.attributes().number("momentum", 0.9);
    double momentum = Math.round((1 - kept) * MOMENTUM_DIGITS) / MOMENTUM_DIGITS;
    Tensor normalised =
        torch.batch_norm(
            context.tensor(0),
            context.optionalTensor(1),
            context.optionalTensor(2),
            context.optionalTensor(3),
            context.optionalTensor(4),
            context.training(),
            momentum,
            context.attributes().number("epsilon", EPSILON),
            false);
    List<Value> outputs = new ArrayList<>();
    outputs.add(new DeviceValue(normalised));
    if (context.node().outputs().size() > 1) {
      outputs.add(new DeviceValue(context.tensor(3).alias()));
      outputs.add(new DeviceValue(context.tensor(4).alias()));
    }
    return outputs;
  }

  private static List<Value> layer(OpContext context) {
    long[] shape = context.shape(0);
    int axis = context.axis("axis", -1, shape.length);
    long[] normalised = Arrays.copyOfRange(shape, axis, shape.length);
    double epsilon = context.attributes().number("epsilon", EPSILON);
    return context.result(
        torch.layer_norm(
            context.tensor(0),
            normalised,
            context.optionalTensor(1),
            context.optionalTensor(2),
            epsilon,
            true));
  }

  /** x / |x| along an axis, with the first or second norm; zeros stay. */
  private static List<Value> length(OpContext context) {
    long axis = context.axis("axis", -1, context.rank(0));
    double p = context.attributes().integer("p", 2);
    Tensor x = context.tensor(0);
    Tensor norm =
        torch.linalg_vector_norm(
            x, new Scalar(p), new long[] {axis}, true, new ScalarTypeOptional());
    return context.result(x.div(norm.clamp_min(new Scalar(SMALLEST_LENGTH))));
  }

  private static List<Value> instance(OpContext context) {
    return context.result(
        torch.instance_norm(
            context.tensor(0),
            context.optionalTensor(1),
            context.optionalTensor(2),
            new TensorOptional(),
            new TensorOptional(),
            true,
            0,
            context.attributes().number("epsilon", EPSILON),
            false));
  }
}
