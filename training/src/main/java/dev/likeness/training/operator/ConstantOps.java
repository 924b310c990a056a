package dev.likeness.training.operator;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.likeness.training.graph.NodeAttributes;
import dev.likeness.training.graph.TensorValues;
import dev.likeness.training.graph.TrainNode;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Constants, changes of type, and operators that only pass on. */
final class ConstantOps {

  private static final List<String> CONSTANT_FORMS =
      List.of("value", "value_int", "value_ints", "value_float", "value_floats");

  private ConstantOps() {}

  static void addTo(OperatorRegistry registry) {
    registry
        .add("Constant", ConstantOps::constant, ConstantOps::checkConstant)
        .add("ConstantOfShape", ConstantOps::ofShape)
        .add("Range", ConstantOps::range)
        .add("Cast", ConstantOps::cast, ConstantOps::checkCast)
        .add("CastLike", ConstantOps::castLike)
        .add("Identity", ConstantOps::pass)
        .add("Dropout", ConstantOps::pass);
  }

  /** A file's tensor as a value: floats in the graph's type, all else with Java. */
  static Value value(TensorProto tensor, FloatType type) {
    long[] shape = TensorValues.shape(tensor);
    return TensorValues.isFloat(tensor)
        ? new DeviceValue(Tensors.of(TensorValues.floats(tensor), shape, type))
        : new HostLongs(TensorValues.longs(tensor), shape);
  }

  private static Optional<String> checkConstant(TrainNode node) {
    Optional<TensorProto> tensor = node.attributes().tensor("value");
    if (tensor.isPresent()) {
      return TensorValues.refusal(tensor.get());
    }
    return CONSTANT_FORMS.stream().anyMatch(node.attributes()::has)
        ? Optional.empty()
        : Optional.of("a value that is neither number nor tensor");
  }

  private static List<Value> constant(OpContext context) {
    NodeAttributes attributes = context.attributes();
    Optional<TensorProto> tensor = attributes.tensor("value");
    if (tensor.isPresent()) {
      return List.of(value(tensor.get(), context.floatType()));
    }
    if (attributes.has("value_int")) {
      return List.of(new HostLongs(new long[] {attributes.integer("value_int", 0)}));
    }
    long[] integers = attributes.integers("value_ints");
    if (integers != null) {
      return List.of(HostLongs.list(integers));
    }
    float[] numbers = attributes.numbers("value_floats");
    float[] single = {(float) attributes.number("value_float", 0)};
    Tensor floats =
        numbers == null
            ? Tensors.of(single, new long[0], context.floatType())
            : Tensors.of(numbers, new long[] {numbers.length}, context.floatType());
    return List.of(new DeviceValue(floats));
  }

  private static List<Value> ofShape(OpContext context) {
    long[] shape = context.longs(0);
    Optional<TensorProto> value = context.attributes().tensor("value");
    if (value.isPresent() && !TensorValues.isFloat(value.get())) {
      long[] values = new long[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
      Arrays.fill(values, TensorValues.longs(value.get())[0]);
      return List.of(new HostLongs(values, shape));
    }
    double fill = value.map(tensor -> TensorValues.floats(tensor)[0]).orElse(0f);
    Tensor filled = torch.full(shape, new Scalar(fill));
    return List.of(new DeviceValue(filled.to(context.floatType().scalarType())));
  }

  private static List<Value> range(OpContext context) {
    long start = context.longs(0)[0];
    long limit = context.longs(1)[0];
    long step = context.longs(2)[0];
    long count = Math.max(0, Math.ceilDiv(limit - start, step));
    return List.of(HostLongs.list(LongStream.range(0, count).map(i -> start + i * step).toArray()));
  }

  private static Optional<String> checkCast(TrainNode node) {
    int type = Math.toIntExact(node.attributes().integer("to", 0));
    return TensorValues.refusal(TensorProto.newBuilder().setDataType(type).build())
        .map(unused -> "target " + TensorProto.DataType.forNumber(type));
  }

  private static List<Value> cast(OpContext context) {
    return switch (Math.toIntExact(context.attributes().integer("to", 0))) {
      case TensorProto.DataType.FLOAT_VALUE, TensorProto.DataType.DOUBLE_VALUE -> toFloat(context);
      case TensorProto.DataType.BOOL_VALUE -> toTruth(context);
      default -> toIntegers(context);
    };
  }

  private static List<Value> castLike(OpContext context) {
    if (context.value(1) instanceof DeviceValue like) {
      return like.tensor().is_floating_point() ? toFloat(context) : toTruth(context);
    }
    return toIntegers(context);
  }

  private static List<Value> toFloat(OpContext context) {
    Tensor tensor = context.tensor(0).to(context.floatType().scalarType());
    return List.of(new DeviceValue(tensor.alias()));
  }

  private static List<Value> toTruth(OpContext context) {
    return context.result(context.tensor(0).ne(new Scalar(0.0)));
  }

  /** Towards zero. */
  private static List<Value> toIntegers(OpContext context) {
    if (context.value(0) instanceof HostLongs) {
      return List.of(context.value(0));
    }
    Tensor integers = context.tensor(0).detach().to(ScalarType.Long);
    return List.of(new HostLongs(Tensors.longs(integers), Tensors.shape(integers)));
  }

  /** Another handle on the same values: input and output are freed each on its own. */
  private static List<Value> pass(OpContext context) {
    return switch (context.value(0)) {
      case HostLongs host -> List.of(host);
      case DeviceValue device -> List.of(new DeviceValue(device.tensor().alias()));
    };
  }
}
