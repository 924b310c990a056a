package dev.likeness.encoders.quantize;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of a graph is computed in integers.
 *
 * <p>Linear layers (Gemm, and MatMul with a constant) take integers and give floats: in a
 * transformer, whatever lies between them (layer normalisation, softmax, GELU, residual sums) stays
 * float32. Convolutions take and give integers, and so do what lies between two of them: a ReLU
 * becomes the lower end of the range, sums, concatenations and max pooling follow their inputs. A
 * convolution whose output is reshaped, such as the patches of a vision transformer, stays float32.
 */
final class QuantizationPlan {

  /** What may read a convolution's output for the convolution to give integers. */
  private static final Set<String> READERS_OF_MAPS =
      Set.of(
          "Conv",
          "Relu",
          "Clip",
          "Sigmoid",
          "HardSigmoid",
          "HardSwish",
          "Mul",
          "Add",
          "Concat",
          "MaxPool",
          "AveragePool",
          "GlobalAveragePool",
          "ReduceMean");

  private final GraphProto graph;
  private final WeightReader weights;
  private final Map<String, List<NodeProto>> readers = new HashMap<>();
  private final Set<String> outputs = new HashSet<>();
  private final Set<NodeProto> nodes = new LinkedHashSet<>();
  private final Set<String> given = new LinkedHashSet<>();
  private final Set<String> taken = new LinkedHashSet<>();
  private final Map<String, String> sameScale = new HashMap<>();

  private QuantizationPlan(GraphProto graph, WeightReader weights) {
    this.graph = graph;
    this.weights = weights;
    for (NodeProto node : graph.getNodeList()) {
      node.getInputList()
          .forEach(input -> readers.computeIfAbsent(input, unused -> new ArrayList<>()).add(node));
    }
    graph.getOutputList().forEach(output -> outputs.add(output.getName()));
  }

  static QuantizationPlan of(GraphProto graph, WeightReader weights) {
    QuantizationPlan plan = new QuantizationPlan(graph, weights);
    graph.getNodeList().forEach(plan::consider);
    return plan;
  }

  /** Whether a node reads integers. */
  boolean computesInIntegers(NodeProto node) {
    return nodes.contains(node);
  }

  /** Whether all that read this tensor read the integers that a node gives. */
  boolean isGiven(String tensor) {
    return given.contains(tensor);
  }

  /** Whether this tensor is turned into integers, be it for some of its readers only. */
  boolean isQuantized(String tensor) {
    return given.contains(tensor) || taken.contains(tensor);
  }

  /** Tensors whose range of values must be known. */
  Set<String> measured() {
    Set<String> measured = new LinkedHashSet<>(taken);
    measured.addAll(given);
    measured.removeAll(sameScale.keySet());
    return measured;
  }

  /** The tensor whose scale this one shares; mostly itself. */
  String scaleOf(String tensor) {
    String source = tensor;
    while (sameScale.containsKey(source)) {
      source = sameScale.get(source);
    }
    return source;
  }

  /** Number of linear layers and convolutions. */
  long weightedNodes() {
    return nodes.stream().filter(node -> isLinear(node) || node.getOpType().equals("Conv")).count();
  }

  private void consider(NodeProto node) {
    switch (node.getOpType()) {
      case "Gemm", "MatMul" -> {
        if (isLinear(node)) {
          nodes.add(node);
          taken.add(node.getInput(0));
        }
      }
      case "Conv" -> {
        String result = behindActivation(node);
        if (isConstantConvolution(node) && isMap(result)) {
          nodes.add(node);
          taken.add(node.getInput(0));
          given.add(result);
        }
      }
      case "Add", "Concat", "Mul", "Sigmoid", "GlobalAveragePool" -> {
        String result = behindActivation(node);
        if (given.containsAll(node.getInputList()) && isMap(result)) {
          nodes.add(node);
          given.add(result);
        }
      }
      case "MaxPool" -> {
        String result = node.getOutput(0);
        if (given.contains(node.getInput(0)) && isMap(result)) {
          nodes.add(node);
          given.add(result);
          sameScale.put(result, node.getInput(0));
        }
      }
      default -> {
        // stays float32
      }
    }
  }

  /** x · W + b as it is, or without b; W constant. */
  private boolean isLinear(NodeProto node) {
    if (node.getOpType().equals("MatMul")) {
      return weights.floats(node.getInput(1), 2).isPresent() && !weights.contains(node.getInput(0));
    }
    return node.getOpType().equals("Gemm")
        && number(node, "alpha") == 1
        && number(node, "beta") == 1
        && integer(node, "transA") == 0
        && weights.floats(node.getInput(1), 2).isPresent()
        && hasBiasPerChannel(node, integer(node, "transB") == 1 ? 0 : 1);
  }

  private boolean isConstantConvolution(NodeProto node) {
    return weights.floats(node.getInput(1), 4).isPresent() && hasBiasPerChannel(node, 0);
  }

  /** Or none. One number for all channels, or one for each image, would be broadcast. */
  private boolean hasBiasPerChannel(NodeProto node, int channelAxis) {
    if (node.getInputCount() < 3) {
      return true;
    }
    long channels = weights.shape(node.getInput(1)).map(shape -> shape.get(channelAxis)).orElse(0L);
    return weights
        .floats(node.getInput(2), 1)
        .filter(bias -> bias.getDims(0) == channels)
        .isPresent();
  }

  private boolean isMap(String tensor) {
    return !outputs.contains(tensor)
        && readers.getOrDefault(tensor, List.of()).stream()
            .allMatch(reader -> READERS_OF_MAPS.contains(reader.getOpType()));
  }

  /** The output of the ReLU that alone reads a node's output, or else that output. */
  private String behindActivation(NodeProto node) {
    String output = node.getOutput(0);
    List<NodeProto> reading = readers.getOrDefault(output, List.of());
    boolean fused =
        reading.size() == 1
            && !outputs.contains(output)
            && (reading.getFirst().getOpType().equals("Relu")
                || isClipFromZero(reading.getFirst()));
    return fused ? reading.getFirst().getOutput(0) : output;
  }

  /** Such as ReLU6. */
  private boolean isClipFromZero(NodeProto node) {
    return node.getOpType().equals("Clip")
        && node.getInputCount() >= 2
        && weights.isSingle(node.getInput(1), 0);
  }

  static long integer(NodeProto node, String name) {
    return attribute(node, name).stream().mapToLong(AttributeProto::getI).findFirst().orElse(0);
  }

  private static double number(NodeProto node, String name) {
    return attribute(node, name).stream().mapToDouble(AttributeProto::getF).findFirst().orElse(1);
  }

  private static List<AttributeProto> attribute(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .toList();
  }

  GraphProto graph() {
    return graph;
  }
}
