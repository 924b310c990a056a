package dev.likeness.encoders.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Removes the nodes and weights that an output does not need. */
final class GraphPruning {

  private GraphPruning() {}

  static void prune(GraphProto.Builder graph, String output) {
    Set<String> needed = new HashSet<>();
    needed.add(output);
    List<NodeProto> kept = new ArrayList<>();
    // Nodes are sorted by dependency, so that one walk from the end sees every consumer first.
    for (NodeProto node : graph.getNodeList().reversed()) {
      if (node.getOutputList().stream().anyMatch(needed::contains)) {
        kept.add(node);
        addUses(node, needed);
      }
    }
    Collections.reverse(kept);
    graph.clearNode().addAllNode(kept);

    List<TensorProto> weights =
        graph.getInitializerList().stream()
            .filter(weight -> needed.contains(weight.getName()))
            .toList();
    Set<String> dropped = new HashSet<>();
    graph.getInitializerList().forEach(weight -> dropped.add(weight.getName()));
    weights.forEach(weight -> dropped.remove(weight.getName()));
    graph.clearInitializer().addAllInitializer(weights);

    List<ValueInfoProto> inputs =
        graph.getInputList().stream().filter(input -> !dropped.contains(input.getName())).toList();
    graph.clearInput().addAllInput(inputs);
    Set<String> made = new HashSet<>(needed);
    kept.forEach(node -> made.addAll(node.getOutputList()));
    List<ValueInfoProto> shapes =
        graph.getValueInfoList().stream().filter(value -> made.contains(value.getName())).toList();
    graph.clearValueInfo().addAllValueInfo(shapes);
  }

  /** A node's inputs, and whatever its inner graphs take from outside. */
  private static void addUses(NodeProto node, Set<String> needed) {
    needed.addAll(node.getInputList());
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        addUses(attribute.getG(), needed);
      }
      attribute.getGraphsList().forEach(inner -> addUses(inner, needed));
    }
  }

  private static void addUses(GraphProto inner, Set<String> needed) {
    inner.getNodeList().forEach(node -> addUses(node, needed));
    inner.getOutputList().forEach(output -> needed.add(output.getName()));
  }
}
