package dev.likeness.encoders.quantize;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes a graph with pairs of QuantizeLinear and DequantizeLinear around what is to be computed in
 * integers. The pairs say what the numbers mean in standard operators; a runtime that knows them
 * computes in integers, any other one computes the same in floats.
 */
final class QdqWriter {

  private final QuantizationPlan plan;
  private final WeightReader weights;
  private final Map<String, AffineScale> scales;
  private final WeightWriter store;
  private final GraphProto.Builder out;
  private final Set<String> written = new HashSet<>();

  /**
   * @param scales of all tensors that the plan measures
   */
  QdqWriter(
      QuantizationPlan plan,
      WeightReader weights,
      Map<String, AffineScale> scales,
      WeightWriter store) {
    this.plan = plan;
    this.weights = weights;
    this.scales = scales;
    this.store = store;
    this.out = plan.graph().toBuilder().clearNode().clearInitializer().clearValueInfo();
  }

  /** The whole graph. */
  GraphProto write() {
    plan.graph().getInputList().forEach(input -> pair(input.getName()));
    for (NodeProto node : plan.graph().getNodeList()) {
      out.addNode(rewritten(node));
      node.getOutputList().forEach(this::pair);
    }
    Set<String> used = new HashSet<>();
    out.getNodeList().forEach(node -> used.addAll(node.getInputList()));
    for (TensorProto kept : plan.graph().getInitializerList()) {
      if (used.contains(kept.getName())) {
        out.addInitializer(stored(kept));
      }
    }
    return out.build();
  }

  private TensorProto stored(TensorProto tensor) {
    if (!WeightReader.isExternal(tensor)) {
      return tensor;
    }
    return store.store(
        tensor.toBuilder().clearExternalData().clearDataLocation(), weights.bytes(tensor));
  }

  /** The pair behind a tensor that becomes integers. */
  private void pair(String tensor) {
    if (!plan.isQuantized(tensor)) {
      return;
    }
    AffineScale scale = scale(tensor);
    String scaleName = tensor + ".scale";
    String zeroName = tensor + ".zero_point";
    out.addInitializer(floats(scaleName, new float[] {scale.scale()}));
    out.addInitializer(
        bytes(zeroName, TensorProto.DataType.UINT8_VALUE, new byte[] {(byte) scale.zeroPoint()}));
    out.addNode(node("QuantizeLinear", List.of(tensor, scaleName, zeroName), tensor + ".uint8"));
    out.addNode(
        node(
            "DequantizeLinear",
            List.of(tensor + ".uint8", scaleName, zeroName),
            dequantized(tensor)));
  }

  private NodeProto rewritten(NodeProto node) {
    NodeProto.Builder rewritten = node.toBuilder();
    boolean integers = plan.computesInIntegers(node);
    for (int i = 0; i < node.getInputCount(); i++) {
      String input = node.getInput(i);
      if (plan.isGiven(input) || (integers && plan.isQuantized(input))) {
        rewritten.setInput(i, dequantized(input));
      }
    }
    if (integers && node.getInputCount() > 1 && isWeighted(node)) {
      weighted(node, rewritten);
    }
    return rewritten.build();
  }

  private static boolean isWeighted(NodeProto node) {
    return switch (node.getOpType()) {
      case "Conv", "Gemm", "MatMul" -> true;
      default -> false;
    };
  }

  private void weighted(NodeProto node, NodeProto.Builder rewritten) {
    TensorProto weight = initializer(node.getInput(1), isConvolution(node) ? 4 : 2);
    boolean channelsFirst = isConvolution(node) || QuantizationPlan.integer(node, "transB") == 1;
    int axis = channelsFirst ? 0 : 1;
    int channels = Math.toIntExact(weight.getDims(axis));
    float[] values = weights.values(weight);
    boolean hasBias = node.getInputCount() > 2 && !node.getInput(2).isEmpty();
    float[] bias = hasBias ? weights.values(initializer(node.getInput(2), 1)) : new float[0];
    float inputScale = scale(node.getInput(0)).scale();
    ChannelWeights quantized =
        ChannelWeights.of(
            values, channels, channelsFirst ? values.length / channels : 1, bias, inputScale);
    // A weight or bias may serve several layers with different inputs: each has its own copy.
    String name = node.getOutput(0) + ".weight";
    rewritten.setInput(1, constant(name, weight, axis, quantized));
    if (hasBias) {
      rewritten.setInput(2, bias(node.getOutput(0) + ".bias", bias, quantized, inputScale));
    }
  }

  private static boolean isConvolution(NodeProto node) {
    return node.getOpType().equals("Conv");
  }

  private String constant(String name, TensorProto weight, int axis, ChannelWeights quantized) {
    TensorProto.Builder codes =
        TensorProto.newBuilder()
            .setName(name + ".int8")
            .setDataType(TensorProto.DataType.INT8_VALUE);
    for (int i = 0; i < weight.getDimsCount(); i++) {
      codes.addDims(weight.getDims(i));
    }
    out.addInitializer(store.store(codes, ByteBuffer.wrap(quantized.codes())));
    float[] channelScales = quantized.scales();
    out.addInitializer(floats(name + ".scale", channelScales, channelScales.length));
    out.addInitializer(
        bytes(
            name + ".zero_point",
            TensorProto.DataType.INT8_VALUE,
            new byte[channelScales.length],
            channelScales.length));
    return dequantizedConstant(name, ".int8", axis);
  }

  private String bias(String name, float[] bias, ChannelWeights quantized, float inputScale) {
    float[] products = quantized.biasScales(inputScale);
    int[] codes = ChannelWeights.biasCodes(bias, products);
    out.addInitializer(integers(name + ".int32", codes));
    out.addInitializer(floats(name + ".scale", products, products.length));
    out.addInitializer(integers(name + ".zero_point", new int[codes.length]));
    return dequantizedConstant(name, ".int32", 0);
  }

  private String dequantizedConstant(String name, String suffix, int axis) {
    out.addNode(
        node(
            "DequantizeLinear",
            List.of(name + suffix, name + ".scale", name + ".zero_point"),
            dequantized(name),
            attribute("axis", (long) axis)));
    return dequantized(name);
  }

  private AffineScale scale(String tensor) {
    AffineScale scale = scales.get(plan.scaleOf(tensor));
    if (scale == null) {
      throw new IllegalStateException("the range of " + tensor + " was not measured");
    }
    return scale;
  }

  private TensorProto initializer(String name, int rank) {
    return weights
        .floats(name, rank)
        .orElseThrow(() -> new IllegalStateException(name + " is no weight of the graph"));
  }

  private static String dequantized(String tensor) {
    return tensor + ".dequantized";
  }

  private NodeProto node(
      String operator, List<String> inputs, String output, AttributeProto... attributes) {
    if (!written.add(output)) {
      throw new IllegalStateException("tensor " + output + " is made twice");
    }
    return NodeProto.newBuilder()
        .setOpType(operator)
        .setName(output)
        .addAllInput(inputs)
        .addOutput(output)
        .addAllAttribute(List.of(attributes))
        .build();
  }

  private TensorProto floats(String name, float[] values, long... shape) {
    ByteBuffer bytes = littleEndian(values.length * Float.BYTES);
    bytes.asFloatBuffer().put(values);
    return tensor(name, TensorProto.DataType.FLOAT_VALUE, bytes, shape);
  }

  private TensorProto integers(String name, int[] values) {
    ByteBuffer bytes = littleEndian(values.length * Integer.BYTES);
    bytes.asIntBuffer().put(values);
    return tensor(name, TensorProto.DataType.INT32_VALUE, bytes, values.length);
  }

  private TensorProto bytes(String name, int type, byte[] values, long... shape) {
    return tensor(name, type, ByteBuffer.wrap(values), shape);
  }

  private static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Inside the graph: scales and biases are read while it is loaded. */
  private static TensorProto tensor(String name, int type, ByteBuffer values, long... shape) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type)
            .setRawData(com.google.protobuf.ByteString.copyFrom(values));
    for (long size : shape) {
      tensor.addDims(size);
    }
    return tensor.build();
  }
}
