package dev.likeness.encoders.ensemble;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorAnnotation;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.List;
import java.util.Map;

/**
 * A member's graph under names of its own, so that it can lie beside others: every tensor and node
 * gets a prefix, in nested graphs too, external data files get a folder, and the image input gets
 * the name of the ensemble's.
 */
final class MemberGraph {

  private static final String LOCATION = "location";

  private final String prefix;
  private final Map<String, String> inputs;

  /**
   * @param prefix of tensors and nodes
   * @param inputs name of each image input → that of the ensemble's input
   */
  MemberGraph(String prefix, Map<String, String> inputs) {
    this.prefix = prefix;
    this.inputs = Map.copyOf(inputs);
  }

  /** The folder of the member's external data files. */
  String folder() {
    return prefix.substring(0, prefix.length() - 1) + "/";
  }

  /** The new name of a tensor; an input that is left out has none and keeps none. */
  String renamed(String tensor) {
    return tensor.isEmpty() ? tensor : inputs.getOrDefault(tensor, prefix + tensor);
  }

  /**
   * Adds nodes and weights to a graph. What the graph said of shapes is found again when it runs.
   */
  void addTo(GraphProto.Builder joined, GraphProto graph) {
    graph.getNodeList().forEach(node -> joined.addNode(renamed(node)));
    graph.getInitializerList().forEach(tensor -> joined.addInitializer(renamed(tensor)));
    graph
        .getSparseInitializerList()
        .forEach(tensor -> joined.addSparseInitializer(renamed(tensor)));
    graph
        .getQuantizationAnnotationList()
        .forEach(annotation -> joined.addQuantizationAnnotation(renamed(annotation)));
  }

  private GraphProto nested(GraphProto graph) {
    GraphProto.Builder renamed = GraphProto.newBuilder().setName(prefix + graph.getName());
    graph.getInputList().forEach(input -> renamed.addInput(renamed(input)));
    graph.getOutputList().forEach(output -> renamed.addOutput(renamed(output)));
    addTo(renamed, graph);
    return renamed.build();
  }

  private NodeProto renamed(NodeProto node) {
    NodeProto.Builder renamed = node.toBuilder().clearInput().clearOutput().clearAttribute();
    if (!node.getName().isEmpty()) {
      renamed.setName(prefix + node.getName());
    }
    node.getInputList().forEach(input -> renamed.addInput(renamed(input)));
    node.getOutputList().forEach(output -> renamed.addOutput(renamed(output)));
    node.getAttributeList().forEach(attribute -> renamed.addAttribute(renamed(attribute)));
    return renamed.build();
  }

  private AttributeProto renamed(AttributeProto attribute) {
    AttributeProto.Builder renamed = attribute.toBuilder();
    if (attribute.hasG()) {
      renamed.setG(nested(attribute.getG()));
    }
    if (attribute.hasT()) {
      renamed.setT(moved(attribute.getT()));
    }
    List<GraphProto> graphs = attribute.getGraphsList().stream().map(this::nested).toList();
    List<TensorProto> tensors = attribute.getTensorsList().stream().map(this::moved).toList();
    return renamed.clearGraphs().addAllGraphs(graphs).clearTensors().addAllTensors(tensors).build();
  }

  private TensorProto renamed(TensorProto tensor) {
    return moved(tensor).toBuilder().setName(renamed(tensor.getName())).build();
  }

  private SparseTensorProto renamed(SparseTensorProto tensor) {
    return tensor.toBuilder()
        .setValues(renamed(tensor.getValues()))
        .setIndices(renamed(tensor.getIndices()))
        .build();
  }

  private ValueInfoProto renamed(ValueInfoProto value) {
    return value.toBuilder().setName(renamed(value.getName())).build();
  }

  private TensorAnnotation renamed(TensorAnnotation annotation) {
    TensorAnnotation.Builder renamed =
        annotation.toBuilder()
            .setTensorName(renamed(annotation.getTensorName()))
            .clearQuantParameterTensorNames();
    annotation
        .getQuantParameterTensorNamesList()
        .forEach(
            entry ->
                renamed.addQuantParameterTensorNames(
                    entry.toBuilder().setValue(renamed(entry.getValue()))));
    return renamed.build();
  }

  /** The same tensor with its data, if that is external, in the member's folder. */
  private TensorProto moved(TensorProto tensor) {
    if (tensor.getExternalDataCount() == 0) {
      return tensor;
    }
    TensorProto.Builder moved = tensor.toBuilder().clearExternalData();
    for (StringStringEntryProto entry : tensor.getExternalDataList()) {
      moved.addExternalData(
          entry.getKey().equals(LOCATION)
              ? entry.toBuilder().setValue(folder() + entry.getValue()).build()
              : entry);
    }
    return moved.build();
  }
}
