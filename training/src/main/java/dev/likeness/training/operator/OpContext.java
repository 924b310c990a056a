package dev.likeness.training.operator;

import dev.likeness.training.graph.NodeAttributes;
import dev.likeness.training.graph.TrainNode;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/**
 * A node with the values that reach it.
 *
 * @param inputs null where an input is left out
 * @param opset version of the standard operators
 * @param training whether normalisations use the batch's statistics and collect them
 */
public record OpContext(
    TrainNode node,
    List<@Nullable Value> inputs,
    int opset,
    boolean training,
    FloatType floatType) {

  NodeAttributes attributes() {
    return node.attributes();
  }

  boolean has(int input) {
    return input < inputs.size() && inputs.get(input) != null;
  }

  int rank(int input) {
    return shape(input).length;
  }

  long[] shape(int input) {
    return switch (value(input)) {
      case DeviceValue device -> Tensors.shape(device.tensor());
      case HostLongs host -> host.shape();
    };
  }

  Value value(int input) {
    Value value = input < inputs.size() ? inputs.get(input) : null;
    if (value == null) {
      throw new IllegalArgumentException(
          "node '%s' (%s) lacks input %d".formatted(node.name(), node.operator(), input));
    }
    return value;
  }

  /** The input as a tensor, integers as int64. */
  Tensor tensor(int input) {
    return switch (value(input)) {
      case DeviceValue device -> device.tensor();
      case HostLongs host -> beside(host.toTensor());
    };
  }

  /** Indices where the values are that they choose from. */
  private Tensor beside(Tensor integers) {
    for (Value other : inputs) {
      if (other instanceof DeviceValue device && device.tensor().is_cuda()) {
        return integers.to(device.tensor().device(), ScalarType.Long);
      }
    }
    return integers;
  }

  TensorOptional optionalTensor(int input) {
    return has(input) ? new TensorOptional(tensor(input)) : new TensorOptional();
  }

  /** The input as integers; waits for the device if it is there. */
  long[] longs(int input) {
    return switch (value(input)) {
      case DeviceValue device -> Tensors.longs(device.tensor());
      case HostLongs host -> host.values();
    };
  }

  /**
   * Integers that are an input in newer versions of the operator and an attribute in older ones.
   */
  Optional<long[]> longs(int input, String attribute) {
    return has(input)
        ? Optional.of(longs(input))
        : Optional.ofNullable(attributes().integers(attribute));
  }

  boolean allOnHost() {
    return inputs.stream().allMatch(value -> value == null || value instanceof HostLongs);
  }

  int axis(String attribute, long otherwise, int rank) {
    return axis(attributes().integer(attribute, otherwise), rank);
  }

  static int axis(long axis, int rank) {
    return Math.toIntExact(axis < 0 ? axis + rank : axis);
  }

  /** One result: integers that came from integers stay with Java. */
  List<Value> result(Tensor tensor) {
    return List.of(value(tensor));
  }

  Value value(Tensor tensor) {
    return allOnHost() && !tensor.is_floating_point()
        ? new HostLongs(Tensors.longs(tensor), Tensors.shape(tensor))
        : new DeviceValue(tensor);
  }
}
