package dev.likeness.training.finetune.network;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.graph.GraphTensors;
import dev.likeness.training.graph.TensorValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes p of generalised-mean pooling one weight. In the file it is two constants, p and 1/p, which
 * training would pull apart; here the second is computed from the first, as in F. Radenović et al.,
 * 2018.
 */
final class GemPower {

  /** Name of the weight. */
  static final String NAME = "head.gem_power";

  private static final String INVERSE = "head.gem_power_inverse";
  private static final double TOLERANCE = 1e-4;

  private GemPower() {}

  /** The model with p as a weight; empty if it does not end in such a pooling. */
  static Optional<ModelProto> expose(ModelProto model) {
    GraphProto graph = model.getGraph();
    List<Integer> powers = new ArrayList<>();
    for (int i = 0; i < graph.getNodeCount(); i++) {
      if (graph.getNode(i).getOpType().equals("Pow")) {
        powers.add(i);
      }
    }
    if (powers.size() < 2) {
      return Optional.empty();
    }
    int inner = powers.get(powers.size() - 2);
    int outer = powers.getLast();
    Optional<Float> p = exponent(graph, graph.getNode(inner));
    Optional<Float> root = exponent(graph, graph.getNode(outer));
    boolean inverse =
        p.isPresent() && root.isPresent() && Math.abs(p.get() * root.get() - 1) < TOLERANCE;
    if (!inverse) {
      return Optional.empty();
    }
    GraphProto.Builder changed = graph.toBuilder();
    changed.addInitializer(GraphTensors.floats(NAME, new float[] {p.get()}, 1));
    changed.setNode(inner, graph.getNode(inner).toBuilder().setInput(1, NAME));
    changed.setNode(outer, graph.getNode(outer).toBuilder().setInput(1, INVERSE));
    changed.addNode(
        inner,
        NodeProto.newBuilder()
            .setOpType("Reciprocal")
            .setName(INVERSE)
            .addInput(NAME)
            .addOutput(INVERSE));
    GraphEditor editor = GraphEditor.of(model.toBuilder().setGraph(changed).build());
    editor.keepOnlyOutput(graph.getOutput(0).getName());
    return Optional.of(editor.model());
  }

  private static Optional<Float> exponent(GraphProto graph, NodeProto power) {
    String name = power.getInput(1);
    Optional<TensorProto> stored =
        graph.getInitializerList().stream()
            .filter(tensor -> tensor.getName().equals(name))
            .findFirst();
    return stored
        .or(() -> constant(graph, name))
        .filter(tensor -> TensorValues.isFloat(tensor))
        .map(TensorValues::floats)
        .filter(values -> values.length == 1)
        .map(values -> values[0]);
  }

  private static Optional<TensorProto> constant(GraphProto graph, String name) {
    return graph.getNodeList().stream()
        .filter(node -> node.getOpType().equals("Constant") && node.getOutputList().contains(name))
        .flatMap(node -> node.getAttributeList().stream())
        .filter(attribute -> attribute.getName().equals("value"))
        .map(AttributeProto::getT)
        .findFirst();
  }
}
