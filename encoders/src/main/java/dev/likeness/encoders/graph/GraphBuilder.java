package dev.likeness.encoders.graph;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.Arrays;
import java.util.List;

/**
 * Writes a network as an ONNX graph, layer by layer. Each method appends one layer and gives the
 * name of its output; weights keep the layer's name ({@code stage1.conv1.weight}), so that whoever
 * trains the graph finds them. Owned by one thread.
 */
public final class GraphBuilder {

  /** Trained and read by every tool of the last years. */
  private static final int OPSET = 17;

  /** The first one with Gelu as one operator. */
  public static final int OPSET_WITH_GELU = 20;

  private static final int IR_VERSION = 8;
  private static final int IR_VERSION_OF_NEWER_OPSETS = 9;
  private static final float BATCH_NORM_EPSILON = 1e-5f;

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final WeightSource weights;
  private final int opset;

  /** Initial values for the weights of a layer. */
  public interface WeightSource {
    /**
     * @param name of the weight
     * @param fanOut values that each input feeds
     */
    float[] convolution(String name, int length, int fanOut);
  }

  public GraphBuilder(String name, WeightSource weights) {
    this(name, weights, OPSET);
  }

  private GraphBuilder(String name, WeightSource weights, int opset) {
    graph.setName(name);
    this.weights = weights;
    this.opset = opset;
  }

  /**
   * For a network whose weights are only declared, by {@link #weight}, and filled in later. Layers
   * that ask for initial values are refused.
   */
  public static GraphBuilder ofDeclarations(String name) {
    return new GraphBuilder(
        name,
        (weight, length, fanOut) -> {
          throw new IllegalStateException("weight " + weight + " has no initial value");
        },
        OPSET_WITH_GELU);
  }

  /** An image input, float32 [N, 3, size, size]. */
  public String image(String name, int size) {
    return image(name, size, size);
  }

  /** An image input, float32 [N, 3, height, width]. */
  public String image(String name, int height, int width) {
    graph.addInput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(GraphTensors.floatType(GraphEditor.BATCH, 3, height, width)));
    return name;
  }

  /** Declares a weight: an initializer with a shape and no values yet. */
  public String weight(String name, long... shape) {
    graph.addInitializer(GraphTensors.declaration(name, shape));
    return name;
  }

  /** A fixed float32 tensor, as a node: initializers are the weights and nothing else. */
  public String constant(String name, float[] values, long... shape) {
    return constant(GraphTensors.floats(name, values, shape));
  }

  /** A fixed list of int64, as a node. */
  public String constant(String name, long... values) {
    return constant(GraphTensors.integers(name, values, values.length));
  }

  /** A square convolution without bias, padded so that stride 1 keeps the size. */
  public String convolution(
      String name, String input, int inChannels, int outChannels, int kernel, int stride) {
    String weight = name + ".weight";
    int length = outChannels * inChannels * kernel * kernel;
    float[] values = weights.convolution(weight, length, outChannels * kernel * kernel);
    graph.addInitializer(
        GraphTensors.floats(weight, values, outChannels, inChannels, kernel, kernel));
    long padding = kernel / 2;
    return node(
        "Conv",
        name,
        List.of(input, weight),
        attribute("kernel_shape", kernel, kernel),
        attribute("strides", stride, stride),
        attribute("pads", padding, padding, padding, padding));
  }

  /**
   * Batch normalisation, not folded into the convolution, so that training can update it.
   *
   * @param scale initial value of the weights
   */
  public String batchNorm(String name, String input, int channels, float scale) {
    constant(name + ".weight", channels, scale);
    constant(name + ".bias", channels, 0);
    constant(name + ".running_mean", channels, 0);
    constant(name + ".running_var", channels, 1);
    return node(
        "BatchNormalization",
        name,
        List.of(
            input, name + ".weight", name + ".bias", name + ".running_mean", name + ".running_var"),
        attribute("epsilon", BATCH_NORM_EPSILON));
  }

  public String relu(String name, String input) {
    return node("Relu", name, List.of(input));
  }

  public String add(String name, String left, String right) {
    return node("Add", name, List.of(left, right));
  }

  /** Mean over space: [N, C, H, W] to [N, C]. */
  public String globalAverage(String name, String input, String output) {
    String pooled = node("GlobalAveragePool", name, List.of(input));
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Flatten")
            .setName(name + ".flatten")
            .addInput(pooled)
            .addOutput(output)
            .addAttribute(attribute("axis", 1L)));
    return output;
  }

  /** Completes the graph with its one output, float32 [N, dimension]. */
  public GraphEditor output(String tensor, int dimension) {
    graph.addOutput(
        ValueInfoProto.newBuilder()
            .setName(tensor)
            .setType(GraphTensors.floatType(GraphEditor.BATCH, dimension)));
    return GraphEditor.of(
        ModelProto.newBuilder()
            .setIrVersion(opset > OPSET ? IR_VERSION_OF_NEWER_OPSETS : IR_VERSION)
            .setProducerName("likeness")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
            .setGraph(graph)
            .build());
  }

  private void constant(String name, int length, float value) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    graph.addInitializer(GraphTensors.floats(name, values, length));
  }

  /** A fixed int64 without dimensions, as a node. */
  public String scalar(String name, long value) {
    return constant(GraphTensors.integers(name, new long[] {value}));
  }

  private String constant(TensorProto value) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType("Constant")
            .setName(value.getName())
            .addOutput(value.getName())
            .addAttribute(attribute("value", value.toBuilder().clearName().build())));
    return value.getName();
  }

  /** Appends any operator with one output, which is called {@code <name>.out}. */
  public String node(
      String operator, String name, List<String> inputs, AttributeProto... attributes) {
    return nodes(operator, name, inputs, List.of(name + ".out"), attributes).getFirst();
  }

  /** Appends any operator; gives its outputs. */
  public List<String> nodes(
      String operator,
      String name,
      List<String> inputs,
      List<String> outputs,
      AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(name)
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .addAllAttribute(List.of(attributes)));
    return outputs;
  }
}
