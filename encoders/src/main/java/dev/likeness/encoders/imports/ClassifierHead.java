package dev.likeness.encoders.imports;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.likeness.encoders.graph.GraphEditor;
import java.util.Optional;
import java.util.Set;

/**
 * A linear layer with constant weights that ends a graph, as classifiers do.
 *
 * @param input the tensor before the layer: the features
 * @param operator of the layer
 */
record ClassifierHead(String input, String operator) {

  private static final Set<String> LINEAR =
      Set.of("Gemm", "MatMul", "MatMulInteger", "QLinearMatMul", "QGemm");

  /** What may stand between the layer and the output: bias, scale, type, probabilities. */
  private static final Set<String> TRAILING =
      Set.of(
          "Add", "Mul", "Cast", "Identity", "Softmax", "LogSoftmax", "DequantizeLinear", "Sigmoid");

  /** What may stand between the features and the layer. */
  private static final Set<String> LEADING =
      Set.of("DynamicQuantizeLinear", "QuantizeLinear", "DequantizeLinear", "Identity", "Dropout");

  static Optional<ClassifierHead> of(GraphEditor editor, String output) {
    String tensor = output;
    while (true) {
      Optional<NodeProto> producer = editor.producer(tensor);
      if (producer.isEmpty()) {
        return Optional.empty();
      }
      NodeProto node = producer.get();
      if (LINEAR.contains(node.getOpType())) {
        return Optional.of(
            new ClassifierHead(features(editor, node.getInput(0)), node.getOpType()));
      }
      Optional<String> data =
          TRAILING.contains(node.getOpType()) ? data(editor, node) : Optional.empty();
      if (data.isEmpty()) {
        return Optional.empty();
      }
      tensor = data.get();
    }
  }

  private static String features(GraphEditor editor, String tensor) {
    String features = tensor;
    Optional<NodeProto> producer = editor.producer(features);
    while (producer.isPresent() && LEADING.contains(producer.get().getOpType())) {
      features = producer.get().getInput(0);
      producer = editor.producer(features);
    }
    return features;
  }

  /**
   * The node's one input that is neither a weight nor a scale. A sum of two computed tensors is a
   * residual connection, not a bias.
   */
  private static Optional<String> data(GraphEditor editor, NodeProto node) {
    var computed =
        node.getInputList().stream().filter(input -> !editor.isInitializer(input)).toList();
    if (computed.size() == 1) {
      return Optional.of(computed.getFirst());
    }
    // The scale of a dynamically quantised layer is computed from scales, never from the layer.
    return node.getOpType().equals("Mul")
        ? computed.stream()
            .filter(
                input ->
                    editor
                        .producer(input)
                        .filter(made -> made.getOpType().equals("Cast"))
                        .isPresent())
            .findFirst()
        : Optional.empty();
  }
}
