package dev.likeness.encoders.quantize;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.likeness.encoders.graph.GraphTensors;
import java.util.List;

/**
 * Layer normalisation over the last axis in smaller operators: (x - mean) / √(Σ(x - mean)² / n + ε)
 * · w + b. ONNX Runtime's own operator goes through the elements one by one on processors, which in
 * a transformer of integers is a fifth of the time; these are vectorised.
 */
final class SplitNormalization {

  /** From this version on the axes of a reduction are an input. */
  private static final int OPSET_WITH_AXES_AS_INPUT = 18;

  private static final float DEFAULT_EPSILON = 1e-5f;

  private final GraphProto.Builder out;
  private final WeightReader weights;
  private final boolean axesAsInput;

  private SplitNormalization(GraphProto.Builder out, WeightReader weights, int opset) {
    this.out = out;
    this.weights = weights;
    this.axesAsInput = opset >= OPSET_WITH_AXES_AS_INPUT;
  }

  /** The same graph with the smaller operators. */
  static GraphProto apply(GraphProto graph, WeightReader weights, int opset) {
    SplitNormalization split =
        new SplitNormalization(graph.toBuilder().clearNode(), weights, opset);
    for (NodeProto node : graph.getNodeList()) {
      if (split.isOverTheLastAxis(node)) {
        split.append(node);
      } else {
        split.out.addNode(node);
      }
    }
    return split.out.build();
  }

  private boolean isOverTheLastAxis(NodeProto node) {
    return node.getOpType().equals("LayerNormalization")
        && node.getOutputCount() == 1
        && node.getInputCount() == 3
        && weights.floats(node.getInput(1), 1).isPresent()
        && weights.floats(node.getInput(2), 1).isPresent()
        && attributes(node, "axis").stream().allMatch(axis -> axis.getI() == -1);
  }

  private void append(NodeProto node) {
    String name = node.getOutput(0);
    String x = node.getInput(0);
    long width = weights.floats(node.getInput(1), 1).orElseThrow().getDims(0);
    float epsilon =
        attributes(node, "epsilon").stream()
            .map(AttributeProto::getF)
            .findFirst()
            .orElse(DEFAULT_EPSILON);
    String mean = reduced("ReduceMean", name + ".mean", x);
    String centred = node("Sub", name + ".centred", List.of(x, mean));
    String squares = reduced("ReduceSumSquare", name + ".squares", centred);
    String share = constant(name + ".share", 1f / width);
    String variance = node("Mul", name + ".variance", List.of(squares, share));
    String raised =
        node("Add", name + ".raised", List.of(variance, constant(name + ".epsilon", epsilon)));
    String deviation = node("Sqrt", name + ".deviation", List.of(raised));
    String unit = node("Div", name + ".unit", List.of(centred, deviation));
    String scaled = node("Mul", name + ".scaled", List.of(unit, node.getInput(1)));
    node("Add", name, List.of(scaled, node.getInput(2)));
  }

  private String reduced(String operator, String name, String x) {
    if (axesAsInput) {
      String axes = name + ".axes";
      out.addInitializer(GraphTensors.integers(axes, new long[] {-1}, 1));
      return node(operator, name, List.of(x, axes), attribute("keepdims", 1L));
    }
    AttributeProto axes =
        AttributeProto.newBuilder()
            .setName("axes")
            .setType(AttributeProto.AttributeType.INTS)
            .addInts(-1)
            .build();
    return node(operator, name, List.of(x), axes, attribute("keepdims", 1L));
  }

  private String constant(String name, float value) {
    out.addInitializer(GraphTensors.floats(name, new float[] {value}));
    return name;
  }

  private String node(
      String operator, String output, List<String> inputs, AttributeProto... attributes) {
    out.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(output)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return output;
  }

  private static List<AttributeProto> attributes(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(attribute -> attribute.getName().equals(name))
        .toList();
  }
}
