package dev.likeness.encoders.quantize;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.quantize.QuantizationException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A float32 graph on its way to integers. */
final class IntegerGraph {

  /** Weights of more bytes than this lie in a file beside the graph. */
  private static final long LARGEST_INLINE = 32L << 20;

  /** The first with scales per channel. */
  private static final int LEAST_OPSET = 13;

  private static final Set<String> INTEGER_OPERATORS =
      Set.of(
          "QuantizeLinear",
          "DequantizeLinear",
          "DynamicQuantizeLinear",
          "MatMulInteger",
          "ConvInteger",
          "QLinearConv",
          "QLinearMatMul");

  private final ModelProto model;
  private final WeightReader weights;
  private final QuantizationPlan plan;

  private IntegerGraph(ModelProto model, Path folder) {
    this.model = model;
    this.weights = new WeightReader(model.getGraph(), folder);
    this.plan = QuantizationPlan.of(model.getGraph(), weights);
  }

  /**
   * @param file a simplified graph, its external data beside it
   * @throws QuantizationException if nothing of it can be computed in integers
   */
  static IntegerGraph read(Path file, Path folder) throws IOException {
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
    int opset = GraphEditor.of(model).opset();
    if (model.getGraph().getNodeList().stream()
        .anyMatch(node -> INTEGER_OPERATORS.contains(node.getOpType()))) {
      throw new QuantizationException(
          Reason.ALREADY_QUANTIZED,
          "it computes in integers already; quantise the float32 encoder it was made from");
    }
    if (opset < LEAST_OPSET) {
      throw new QuantizationException(
          Reason.UNSUPPORTED_OPERATORS,
          "the graph uses version %d of the ONNX operators; scales per channel need %d, export it again"
              .formatted(opset, LEAST_OPSET));
    }
    GraphProto split =
        SplitNormalization.apply(
            model.getGraph(), new WeightReader(model.getGraph(), folder), opset);
    IntegerGraph graph = new IntegerGraph(model.toBuilder().setGraph(split).build(), folder);
    if (graph.plan.weightedNodes() == 0) {
      throw new QuantizationException(
          Reason.NOTHING_TO_QUANTIZE,
          "the graph has no linear layer or convolution with constant weights");
    }
    return graph;
  }

  ModelProto original() {
    return model;
  }

  Set<String> measured() {
    return plan.measured();
  }

  /** Linear layers and convolutions that are computed in integers. */
  long layers() {
    return plan.weightedNodes();
  }

  /**
   * Writes {@code encoder.onnx}.
   *
   * @return its external data, by location
   */
  Map<String, Path> write(Map<String, AffineScale> scales, Path file, Path folder)
      throws IOException {
    try (WeightWriter store = new WeightWriter(folder, size() <= LARGEST_INLINE)) {
      GraphProto graph = new QdqWriter(plan, weights, scales, store).write();
      ModelProto written = model.toBuilder().setGraph(graph).build();
      Files.write(file, GraphEditor.of(withUsedDomains(written)).toBytes());
      return store.files();
    }
  }

  /** Bytes if every weight took one byte; biases and scales are small beside them. */
  private long size() {
    return model.getGraph().getInitializerList().stream().mapToLong(IntegerGraph::elements).sum();
  }

  private static long elements(TensorProto tensor) {
    return tensor.getDimsList().stream().reduce(1L, Math::multiplyExact);
  }

  /** The simplified graph names every operator set its writer knows. */
  private static ModelProto withUsedDomains(ModelProto model) {
    Set<String> used =
        model.getGraph().getNodeList().stream()
            .map(NodeProto::getDomain)
            .collect(Collectors.toSet());
    used.add("");
    ModelProto.Builder builder = model.toBuilder().clearOpsetImport();
    for (OperatorSetIdProto set : model.getOpsetImportList()) {
      if (used.contains(set.getDomain())) {
        builder.addOpsetImport(set);
      }
    }
    return builder.setProducerName("likeness").build();
  }
}
