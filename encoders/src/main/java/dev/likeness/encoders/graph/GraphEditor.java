package dev.likeness.encoders.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Adds to an ONNX graph and cuts from it. Owned by one thread. */
public final class GraphEditor {

  /** Name of the free batch dimension. */
  public static final String BATCH = "N";

  /** From this version on an initializer need not be listed among the inputs as well. */
  private static final int IR_WITH_FREE_INITIALIZERS = 4;

  private final ModelProto.Builder model;
  private final GraphProto.Builder graph;

  private GraphEditor(ModelProto.Builder model) {
    this.model = model;
    this.graph = model.getGraphBuilder();
  }

  /** Edits a copy; the given model stays as it is. */
  public static GraphEditor of(ModelProto model) {
    return new GraphEditor(model.toBuilder());
  }

  /**
   * @throws InvalidProtocolBufferException if the bytes are no ONNX model
   */
  public static GraphEditor parse(byte[] onnx) throws InvalidProtocolBufferException {
    return of(ModelProto.parseFrom(onnx));
  }

  /** Version of the standard operators that the model uses. */
  public int opset() {
    return model.getOpsetImportList().stream()
        .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
        .mapToInt(set -> Math.toIntExact(set.getVersion()))
        .max()
        .orElse(1);
  }

  public GraphProto.Builder graph() {
    return graph;
  }

  /** The name, or the name with the first free number behind it. */
  public String freeName(String wanted) {
    Set<String> taken = takenNames();
    String name = wanted;
    for (int number = 2; taken.contains(name); number++) {
      name = wanted + "_" + number;
    }
    return name;
  }

  /** Adds a float32 tensor under a free name and gives that name. */
  public String floats(String wantedName, float[] values, long... shape) {
    return add(GraphTensors.floats(freeName(wantedName), values, shape));
  }

  /** Adds an int64 tensor under a free name and gives that name. */
  public String integers(String wantedName, long[] values, long... shape) {
    return add(GraphTensors.integers(freeName(wantedName), values, shape));
  }

  /** Appends a node with one output under a free name and gives that name. */
  public String node(
      String operator, String wantedOutput, List<String> inputs, AttributeProto... attributes) {
    String output = freeName(wantedOutput);
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(output)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return output;
  }

  /** The node that makes a tensor. */
  public Optional<NodeProto> producer(String tensor) {
    return graph.getNodeList().stream()
        .filter(node -> node.getOutputList().contains(tensor))
        .findFirst();
  }

  public boolean isInitializer(String tensor) {
    return graph.getInitializerList().stream().anyMatch(value -> value.getName().equals(tensor));
  }

  /** Makes a tensor the only output and removes everything it does not need. */
  public void keepOnlyOutput(String tensor) {
    ValueInfoProto known =
        graph.getOutputList().stream()
            .filter(output -> output.getName().equals(tensor))
            .findFirst()
            .orElseGet(() -> declareOutput(tensor));
    graph.clearOutput().addOutput(known);
    GraphPruning.prune(graph, tensor);
  }

  /** Makes a tensor of shape [N, dimension] the only output. */
  public void keepOnlyVectorOutput(String tensor, int dimension) {
    graph
        .clearOutput()
        .addOutput(
            ValueInfoProto.newBuilder()
                .setName(tensor)
                .setType(GraphTensors.floatType(BATCH, dimension)));
    GraphPruning.prune(graph, tensor);
  }

  public ModelProto model() {
    return model.build();
  }

  /** The same graph always gives the same bytes. */
  public byte[] toBytes() {
    ModelProto built = model();
    byte[] bytes = new byte[built.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      built.writeTo(out);
    } catch (IOException impossible) {
      throw new IllegalStateException("an array of the right size takes the model", impossible);
    }
    return bytes;
  }

  private ValueInfoProto declareOutput(String tensor) {
    return graph.getValueInfoList().stream()
        .filter(value -> value.getName().equals(tensor))
        .findFirst()
        .orElseGet(
            () ->
                ValueInfoProto.newBuilder()
                    .setName(tensor)
                    .setType(
                        TypeProto.newBuilder()
                            .setTensorType(
                                TypeProto.Tensor.newBuilder()
                                    .setElemType(TensorProto.DataType.FLOAT_VALUE)))
                    .build());
  }

  private String add(TensorProto tensor) {
    graph.addInitializer(tensor);
    model.setIrVersion(Math.max(model.getIrVersion(), IR_WITH_FREE_INITIALIZERS));
    return tensor.getName();
  }

  private Set<String> takenNames() {
    Set<String> taken = new HashSet<>();
    graph.getInputList().forEach(input -> taken.add(input.getName()));
    graph.getInitializerList().forEach(value -> taken.add(value.getName()));
    for (NodeProto node : graph.getNodeList()) {
      taken.add(node.getName());
      taken.addAll(node.getOutputList());
    }
    return taken;
  }
}
