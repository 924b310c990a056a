package dev.likeness.encoders.imports;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.graph.GraphEditor;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Frees a batch size that an exporter fixed: in the input's and output's shape, and in every
 * Reshape to a constant shape that begins with it. Whether the result computes the same is for the
 * caller to measure; graphs that use the number elsewhere do not.
 */
final class DynamicBatch {

  private DynamicBatch() {}

  static GraphEditor free(GraphEditor fixed, ImageInput input) {
    GraphEditor editor = GraphEditor.of(fixed.model());
    GraphProto.Builder graph = editor.graph();
    graph.getInputBuilderList().stream()
        .filter(value -> value.getName().equals(input.name()))
        .forEach(DynamicBatch::freeFirst);
    graph.getOutputBuilderList().forEach(DynamicBatch::freeFirst);
    // Shapes of inner tensors were inferred with the fixed size.
    graph.clearValueInfo();
    Map<String, TensorProto> constants = constants(graph);
    Set<String> fromImage = new HashSet<>(Set.of(input.name()));
    for (int i = 0; i < graph.getNodeCount(); i++) {
      NodeProto node = graph.getNode(i);
      if (node.getInputList().stream().noneMatch(fromImage::contains)) {
        continue;
      }
      fromImage.addAll(node.getOutputList());
      int index = i;
      freedShape(node, constants, fromImage, input.fixedBatch())
          .ifPresent(
              shape -> {
                String name = editor.integers(node.getOutput(0) + ".shape", shape, shape.length);
                graph.setNode(index, node.toBuilder().setInput(1, name));
              });
    }
    return editor;
  }

  private static void freeFirst(ValueInfoProto.Builder value) {
    var shape = value.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder();
    if (shape.getDimCount() > 0) {
      shape.getDimBuilder(0).setDimParam(GraphEditor.BATCH);
    }
  }

  /** In a Reshape's target 0 means "as it was", which the batch is. */
  private static Optional<long[]> freedShape(
      NodeProto node, Map<String, TensorProto> constants, Set<String> fromImage, long batch) {
    if (!node.getOpType().equals("Reshape")
        || node.getInputCount() < 2
        || !fromImage.contains(node.getInput(0))
        || keepsZeros(node)) {
      return Optional.empty();
    }
    TensorProto target = constants.get(node.getInput(1));
    if (target == null || target.getDataType() != TensorProto.DataType.INT64_VALUE) {
      return Optional.empty();
    }
    long[] shape = integers(target);
    if (shape.length == 0 || shape[0] != batch) {
      return Optional.empty();
    }
    shape[0] = 0;
    return Optional.of(shape);
  }

  private static boolean keepsZeros(NodeProto node) {
    return node.getAttributeList().stream()
        .anyMatch(attribute -> attribute.getName().equals("allowzero") && attribute.getI() != 0);
  }

  private static Map<String, TensorProto> constants(GraphProto.Builder graph) {
    Map<String, TensorProto> constants = new HashMap<>();
    graph.getInitializerList().forEach(value -> constants.put(value.getName(), value));
    for (NodeProto node : graph.getNodeList()) {
      List<AttributeProto> attributes = node.getAttributeList();
      if (node.getOpType().equals("Constant")
          && !attributes.isEmpty()
          && attributes.getFirst().hasT()) {
        constants.put(node.getOutput(0), attributes.getFirst().getT());
      }
    }
    return constants;
  }

  private static long[] integers(TensorProto tensor) {
    if (!tensor.hasRawData()) {
      return tensor.getInt64DataList().stream().mapToLong(Long::longValue).toArray();
    }
    LongBuffer buffer =
        tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    long[] values = new long[buffer.remaining()];
    buffer.get(values);
    return values;
  }
}
