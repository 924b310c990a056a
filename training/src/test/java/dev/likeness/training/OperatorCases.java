package dev.likeness.training;

import dev.likeness.encoders.graph.GraphTensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every operator in the forms in which it differs between ONNX and libtorch. */
final class OperatorCases {

  private OperatorCases() {}

  static List<OperatorCase> all() {
    List<OperatorCase> cases = new ArrayList<>();
    Stream.of(windows(), normalisations(), arithmetic(), activations(), matrices(), reductions())
        .forEach(cases::addAll);
    Stream.of(shapes(), parts(), logic(), constants(), resampling()).forEach(cases::addAll);
    return cases;
  }

  private static OperatorCase of(String operator) {
    return OperatorCase.of(operator);
  }

  private static OperatorCase of(String operator, String variant) {
    return OperatorCase.of(operator, variant);
  }

  private static List<OperatorCase> windows() {
    return List.of(
        of("Conv", "padded")
            .floats(2, 3, 5, 6)
            .floats(4, 3, 3, 3)
            .floats(4)
            .list("pads", 1, 1, 1, 1),
        of("Conv", "groups, stride and dilation")
            .floats(1, 4, 7, 7)
            .floats(4, 2, 3, 3)
            .with("group", 2L)
            .list("strides", 2, 1)
            .list("dilations", 1, 2),
        of("Conv", "padded on one side")
            .floats(1, 2, 5, 5)
            .floats(2, 2, 2, 2)
            .list("pads", 0, 1, 1, 0),
        of("Conv", "same upper")
            .floats(1, 2, 5, 5)
            .floats(2, 2, 2, 2)
            .with("auto_pad", "SAME_UPPER")
            .list("strides", 2, 2),
        of("Conv", "same lower")
            .floats(1, 2, 5, 5)
            .floats(2, 2, 2, 2)
            .with("auto_pad", "SAME_LOWER"),
        of("Conv", "one axis").floats(2, 3, 7).floats(4, 3, 3).floats(4),
        pool("MaxPool", "padded", 3).list("strides", 2, 2).list("pads", 1, 1, 1, 1),
        pool("MaxPool", "ceil", 3).list("strides", 2, 2).with("ceil_mode", 1L),
        pool("MaxPool", "ceil and padded", 3)
            .list("strides", 2, 2)
            .list("pads", 1, 1, 1, 1)
            .with("ceil_mode", 1L),
        pool("MaxPool", "padded on one side", 2).list("pads", 0, 0, 1, 1),
        pool("MaxPool", "same", 2).with("auto_pad", "SAME_UPPER").list("strides", 2, 2),
        pool("AveragePool", "padding not counted", 3).list("pads", 1, 1, 1, 1),
        pool("AveragePool", "padding counted", 3)
            .list("pads", 1, 1, 1, 1)
            .with("count_include_pad", 1L),
        pool("AveragePool", "padded on one side", 2).list("pads", 0, 0, 1, 1),
        pool("AveragePool", "stride", 2).list("strides", 2, 2),
        of("GlobalAveragePool").floats(2, 3, 4, 5),
        of("GlobalMaxPool").floats(2, 3, 4, 5));
  }

  private static OperatorCase pool(String operator, String variant, long kernel) {
    return of(operator, variant).floats(2, 2, 6, 7).list("kernel_shape", kernel, kernel);
  }

  private static List<OperatorCase> normalisations() {
    return List.of(
        of("LpNormalization").floats(3, 5).with("axis", 1L).with("p", 2L),
        of("LpNormalization", "first norm, first axis").floats(3, 5).with("axis", 0L).with("p", 1L),
        batchNorm("served"),
        batchNorm("trained").inTraining(),
        of("LayerNormalization", "last axis").floats(2, 3, 8).positive(8).floats(8),
        of("LayerNormalization", "two axes, no shift")
            .floats(2, 3, 4)
            .positive(3, 4)
            .with("axis", 1L)
            .with("epsilon", 1e-6f),
        of("InstanceNormalization").floats(2, 3, 4, 4).positive(3).floats(3));
  }

  private static OperatorCase batchNorm(String variant) {
    return of("BatchNormalization", variant)
        .floats(4, 3, 2, 2)
        .positive(3)
        .floats(3)
        .statistics(3)
        .statistics(3)
        .with("epsilon", 1e-3f);
  }

  private static List<OperatorCase> arithmetic() {
    return List.of(
        of("Add").floats(2, 3, 4).floats(4),
        of("Sub").floats(3, 1).floats(2, 1, 4),
        of("Mul").floats(2, 3, 4).floats(3, 1),
        of("Div").floats(2, 3).positive(3),
        of("Div", "integers").longs(7, -7, 8).longs(2, 2, -3).integerResult(),
        of("Pow").positive(2, 3).positive(1),
        of("Max").floats(2, 3).floats(3).floats(1),
        of("Min").floats(2, 3).floats(3).floats(1),
        of("Sum").floats(2, 3).floats(3).floats(1),
        of("Sqrt").positive(2, 3),
        of("Neg").floats(2, 3),
        of("Abs").floats(2, 3),
        of("Exp").floats(2, 3),
        of("Log").positive(2, 3),
        of("Reciprocal").positive(2, 3),
        of("Erf").floats(2, 3),
        of("Sin").floats(2, 3),
        of("Cos").floats(2, 3),
        of("Floor").floats(2, 3),
        of("Ceil").floats(2, 3),
        of("Clip", "both sides").floats(4, 5).number(-0.5f).number(0.4f),
        of("Clip", "one side").floats(4, 5).none().number(0.4f),
        of("Clip", "attributes").opset(6).floats(4, 5).with("min", -0.5f).with("max", 0.4f));
  }

  private static List<OperatorCase> activations() {
    return List.of(
        of("Relu").floats(3, 5),
        of("Sigmoid").floats(3, 5),
        of("Tanh").floats(3, 5),
        of("Softplus").floats(3, 5),
        of("HardSwish").floats(3, 5),
        of("HardSigmoid").floats(3, 5).with("alpha", 0.8f),
        of("LeakyRelu").floats(3, 5).with("alpha", 0.2f),
        of("Elu").floats(3, 5).with("alpha", 0.7f),
        of("PRelu").floats(2, 3, 4).floats(3, 1),
        of("Gelu", "exact").floats(3, 5),
        of("Gelu", "tanh").floats(3, 5).with("approximate", "tanh"),
        of("Softmax").floats(2, 3, 4),
        of("Softmax", "middle axis").floats(2, 3, 4).with("axis", 1L),
        of("Softmax", "old form").opset(11).floats(2, 3, 4).with("axis", 1L),
        of("LogSoftmax").floats(2, 3, 4));
  }

  private static List<OperatorCase> matrices() {
    return List.of(
        of("MatMul").floats(2, 3, 4).floats(4, 5),
        of("MatMul", "batched").floats(2, 3, 4).floats(2, 4, 3),
        of("Gemm", "linear layer").floats(3, 4).floats(5, 4).floats(5).with("transB", 1L),
        of("Gemm", "no shift").floats(3, 4).floats(5, 4).with("transB", 1L).with("alpha", 0.5f),
        of("Gemm", "general")
            .floats(4, 3)
            .floats(4, 5)
            .floats(3, 1)
            .with("transA", 1L)
            .with("alpha", 0.5f)
            .with("beta", 2f));
  }

  private static List<OperatorCase> reductions() {
    return List.of(
        of("ReduceMean").floats(2, 3, 4).longs(1, -1),
        of("ReduceMean", "old form").opset(13).floats(2, 3, 4).list("axes", 1).with("keepdims", 0L),
        of("ReduceMean", "all").floats(2, 3),
        of("ReduceMean", "none").floats(2, 3).with("noop_with_empty_axes", 1L),
        of("ReduceSum").floats(2, 3, 4).longs(0),
        of("ReduceMax").floats(2, 3, 4).longs(2),
        of("ReduceMin").floats(2, 3, 4).longs(2),
        of("ReduceProd").floats(2, 3, 4).longs(0, 2),
        of("ReduceSumSquare").floats(2, 3, 4).longs(1),
        of("ReduceL1").floats(2, 3, 4).longs(1),
        of("ReduceL2").floats(2, 3, 4).longs(1).with("keepdims", 0L));
  }

  private static List<OperatorCase> shapes() {
    return List.of(
        of("Shape").floats(2, 3, 4).integerResult(),
        of("Shape", "part").floats(2, 3, 4).with("start", -2L).with("end", 3L).integerResult(),
        of("Size").floats(2, 3, 4).integerResult(),
        of("Reshape").floats(2, 3, 4).longs(0, -1),
        of("Flatten").floats(2, 3, 4).with("axis", 2L),
        of("Flatten", "first axis").floats(2, 3).with("axis", 0L),
        of("Transpose").floats(2, 3, 4).list("perm", 1, 2, 0),
        of("Transpose", "reversed").floats(2, 3, 4),
        of("Squeeze").floats(2, 1, 3, 1).longs(-1),
        of("Squeeze", "all").floats(2, 1, 3, 1),
        of("Unsqueeze").floats(2, 3).longs(0, -1),
        of("Concat").floats(2, 3).floats(2, 4).with("axis", -1L),
        of("Split", "sizes").floats(2, 6).longs(2, 4).with("axis", 1L).outputs(2),
        of("Split", "uneven").floats(2, 7).with("axis", 1L).with("num_outputs", 3L).outputs(3),
        of("Expand").floats(3, 1).longs(2, 1, 4),
        of("Tile").floats(2, 3).longs(2, 2));
  }

  private static List<OperatorCase> parts() {
    return List.of(
        of("Gather", "scalar").floats(2, 3, 4).integers(new long[] {-1}).with("axis", 1L),
        of("Gather", "matrix").floats(4, 3).integers(new long[] {0, 3, -1, 0}, 2, 2),
        of("Slice").floats(5, 6).longs(1, -4).longs(100, -1).longs(0, 1).longs(2, 1),
        of("Slice", "backwards").floats(5, 6).longs(-1, 4).longs(-100, 0).longs(0, 1).longs(-1, -2),
        of("Slice", "old form")
            .opset(9)
            .floats(5, 6)
            .list("starts", 1)
            .list("ends", 3)
            .list("axes", 1),
        of("Pad").floats(2, 3).longs(0, 1, 2, 0).number(0.5f),
        of("Pad", "cut").floats(4, 3).longs(0, 1, -1, 0),
        of("Pad", "some axes").floats(2, 3, 2).longs(1, 2).none().longs(1));
  }

  private static List<OperatorCase> logic() {
    return List.of(
        of("Equal").longs(1, 2, 3).longs(1, 0, 3).integerResult(),
        of("Greater").floats(2, 3).floats(3).integerResult(),
        of("GreaterOrEqual").floats(2, 3).floats(3).integerResult(),
        of("Less").floats(2, 3).floats(3).integerResult(),
        of("LessOrEqual").floats(2, 3).floats(3).integerResult(),
        of("Not").truths(1, 0, 1).integerResult(),
        of("And").truths(1, 0, 1).truths(1, 1, 0).integerResult(),
        of("Or").truths(1, 0, 0).truths(1, 1, 0).integerResult(),
        of("IsNaN").floats(2, 3).integerResult(),
        of("Where").truths(1, 0, 1).floats(2, 3).floats(3),
        of("Where", "integers").truths(1, 0, 1).longs(1, 2, 3).longs(-1).integerResult());
  }

  private static List<OperatorCase> constants() {
    return List.of(
        of("Constant", "tensor").with("value", GraphTensors.floats("v", new float[] {1, 2}, 2)),
        of("Constant", "integers").list("value_ints", 3, 4).integerResult(),
        of("Constant", "number").with("value_float", 0.5f),
        of("ConstantOfShape").longs(2, 3),
        of("ConstantOfShape", "integers")
            .longs(2)
            .with("value", GraphTensors.integers("v", new long[] {-1}, 1))
            .integerResult(),
        of("Range")
            .integers(new long[] {7})
            .integers(new long[] {0})
            .integers(new long[] {-2})
            .integerResult(),
        of("Cast").floats(2, 3).with("to", 1L),
        of("Cast", "towards zero").floats(3, 5).with("to", 7L).integerResult(),
        of("Cast", "to truth").longs(0, 3, -1).with("to", 9L).integerResult(),
        of("CastLike").longs(1, 2).number(1),
        of("Identity").floats(2, 3),
        of("Dropout").floats(2, 3));
  }

  private static List<OperatorCase> resampling() {
    return List.of(
        resize("cubic", "half_pixel").longs(1, 2, 7, 3),
        resize("linear", "half_pixel").longs(1, 2, 7, 3),
        resize("linear", "align_corners").longs(1, 2, 7, 3),
        resize("nearest", "asymmetric").with("nearest_mode", "floor").longs(1, 2, 7, 3));
  }

  private static OperatorCase resize(String mode, String coordinates) {
    return of("Resize", mode + " " + coordinates)
        .floats(1, 2, 4, 5)
        .none()
        .none()
        .with("mode", mode)
        .with("cubic_coeff_a", -0.75f)
        .with("coordinate_transformation_mode", coordinates);
  }
}
