package dev.likeness.training.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Gives every {@code Identity} of an initializer a tensor of its own. Exporters store equal tensors
 * once, so that on a fresh network all scales of all normalisations are one; trained, they part.
 */
final class AliasUntying {

  private AliasUntying() {}

  static ModelProto untie(ModelProto model) {
    GraphProto graph = model.getGraph();
    Map<String, TensorProto> initializers = new HashMap<>();
    graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
    Set<String> outputs = new HashSet<>();
    graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(outputs::add);

    GraphProto.Builder untied = graph.toBuilder().clearNode();
    for (NodeProto node : graph.getNodeList()) {
      TensorProto source =
          node.getOpType().equals("Identity") ? initializers.get(node.getInput(0)) : null;
      if (source == null || outputs.contains(node.getOutput(0))) {
        untied.addNode(node);
      } else {
        TensorProto copy = source.toBuilder().setName(node.getOutput(0)).build();
        untied.addInitializer(copy);
        initializers.put(copy.getName(), copy);
      }
    }
    return untied.getNodeCount() == graph.getNodeCount()
        ? model
        : model.toBuilder().setGraph(withoutUnread(untied)).build();
  }

  /** The tensor behind the aliases may have no reader of its own left. */
  private static GraphProto.Builder withoutUnread(GraphProto.Builder graph) {
    Set<String> read = new HashSet<>();
    graph.getNodeList().forEach(node -> read.addAll(node.getInputList()));
    graph.getOutputList().forEach(output -> read.add(output.getName()));
    var kept =
        graph.getInitializerList().stream()
            .filter(tensor -> read.contains(tensor.getName()))
            .toList();
    return graph.clearInitializer().addAllInitializer(kept);
  }
}
