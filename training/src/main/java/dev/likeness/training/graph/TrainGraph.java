package dev.likeness.training.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.graph.GraphEditor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An ONNX model as training sees it: nodes in the order of the file, initializers by name with
 * their roles. Immutable.
 */
public final class TrainGraph {

  private final ModelProto model;
  private final int opset;
  private final List<TrainNode> nodes;
  private final Map<String, TensorProto> initializers;
  private final Map<String, ParameterRole> roles;
  private final List<String> inputs;

  private TrainGraph(ModelProto model) {
    this.model = model;
    this.opset = GraphEditor.of(model).opset();
    GraphProto graph = model.getGraph();
    this.nodes = graph.getNodeList().stream().map(TrainGraph::node).toList();
    Map<String, TensorProto> tensors = new LinkedHashMap<>();
    graph.getInitializerList().forEach(tensor -> tensors.put(tensor.getName(), tensor));
    this.initializers = Collections.unmodifiableMap(tensors);
    this.roles = RoleAssignment.of(tensors, nodes);
    this.inputs =
        graph.getInputList().stream()
            .map(ValueInfoProto::getName)
            .filter(name -> !tensors.containsKey(name))
            .toList();
  }

  /**
   * Reads a model whose weights are inside; aliased initializers become separate ones.
   *
   * @throws IllegalArgumentException if it holds subgraphs, sparse tensors or types that cannot be
   *     trained
   */
  public static TrainGraph of(ModelProto model) {
    check(model.getGraph());
    return new TrainGraph(AliasUntying.untie(model));
  }

  /** The model, after aliases were untied. */
  public ModelProto model() {
    return model;
  }

  public int opset() {
    return opset;
  }

  public List<TrainNode> nodes() {
    return nodes;
  }

  /** In the order of the file. */
  public Map<String, TensorProto> initializers() {
    return initializers;
  }

  /** Names of the images that go in. */
  public List<String> inputs() {
    return inputs;
  }

  public List<String> outputs() {
    return model.getGraph().getOutputList().stream().map(ValueInfoProto::getName).toList();
  }

  public ParameterRole role(String initializer) {
    return Objects.requireNonNull(roles.get(initializer), initializer);
  }

  private static void check(GraphProto graph) {
    List<String> refused = new ArrayList<>();
    graph.getInitializerList().forEach(t -> TensorValues.refusal(t).ifPresent(refused::add));
    if (graph.getSparseInitializerCount() > 0) {
      refused.add("the graph holds sparse tensors; export the model with dense ones");
    }
    for (NodeProto node : graph.getNodeList()) {
      if (node.getAttributeList().stream().anyMatch(a -> a.hasG() || a.getGraphsCount() > 0)) {
        refused.add(
            "node '%s' (%s) holds a graph of its own; export the model without control flow"
                .formatted(node.getName(), node.getOpType()));
      }
    }
    if (!refused.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", refused));
    }
  }

  private static TrainNode node(NodeProto node) {
    String name = node.getName().isEmpty() ? node.getOutput(0) : node.getName();
    String domain = node.getDomain().equals("ai.onnx") ? "" : node.getDomain();
    return new TrainNode(
        name,
        domain,
        node.getOpType(),
        node.getInputList(),
        node.getOutputList(),
        NodeAttributes.of(node));
  }
}
