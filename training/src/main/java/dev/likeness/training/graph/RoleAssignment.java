package dev.likeness.training.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the role of each initializer from its consumers. Of several roles the most trainable wins,
 * in the order of {@link ParameterRole}.
 */
final class RoleAssignment {

  private RoleAssignment() {}

  static Map<String, ParameterRole> of(
      Map<String, TensorProto> initializers, List<TrainNode> nodes) {
    Map<String, ParameterRole> roles = new HashMap<>();
    initializers.keySet().forEach(name -> roles.put(name, ParameterRole.CONSTANT));
    for (TrainNode node : nodes) {
      for (int i = 0; i < node.inputs().size(); i++) {
        TensorProto tensor = initializers.get(node.inputs().get(i));
        if (tensor != null) {
          ParameterRole found = role(node.operator(), i, tensor);
          roles.merge(tensor.getName(), found, (a, b) -> a.compareTo(b) < 0 ? a : b);
        }
      }
    }
    return roles;
  }

  private static ParameterRole role(String operator, int input, TensorProto tensor) {
    return switch (operator) {
      case "Conv", "Gemm" -> input == 2 ? ParameterRole.BIAS : ParameterRole.WEIGHT;
      case "BatchNormalization" -> input < 3 ? ParameterRole.NORM : ParameterRole.RUNNING_STAT;
      case "LayerNormalization", "InstanceNormalization", "GroupNormalization" ->
          ParameterRole.NORM;
      case "PRelu" -> ParameterRole.WEIGHT;
      // A constant would have been inverted when the file was made: this is a learned power.
      case "Reciprocal" -> ParameterRole.NORM;
      default ->
          isScalar(tensor) ? ParameterRole.CONSTANT : ofSeveralValues(operator, input, tensor);
    };
  }

  private static ParameterRole ofSeveralValues(String operator, int input, TensorProto tensor) {
    return switch (operator) {
      case "MatMul" -> ParameterRole.WEIGHT;
      case "Add" -> tensor.getDimsCount() == 1 ? ParameterRole.BIAS : ParameterRole.WEIGHT;
      case "Mul" -> ParameterRole.NORM;
      case "Gather", "Reshape", "Expand", "Slice", "Pad", "Resize", "Tile" ->
          input == 0 ? ParameterRole.WEIGHT : ParameterRole.CONSTANT;
      case "Transpose", "Concat", "Squeeze", "Unsqueeze", "Cast", "Identity", "Flatten" ->
          ParameterRole.WEIGHT;
      default -> ParameterRole.CONSTANT;
    };
  }

  private static boolean isScalar(TensorProto tensor) {
    return tensor.getDimsList().stream().allMatch(size -> size == 1);
  }
}
