package dev.likeness.training.finetune.network;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.store.EncoderCard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer behind the encoder's vector, which is brought to length 1 first: so the layer's
 * input has one scale whatever the network, and one learning rate suits all. Its weights are zeros
 * until they are set.
 *
 * @param model with the layer
 * @param pooled tensor of the vector before it, [N, inputDimension], not normalised
 * @param output tensor of the vector behind it
 * @param weight name of the layer's weights, [outputDimension, inputDimension]; null if there is no
 *     layer
 * @param bias name of its offsets; null if there is no layer
 */
record ProjectionHead(
    ModelProto model,
    String pooled,
    String output,
    int inputDimension,
    int outputDimension,
    @Nullable String weight,
    @Nullable String bias) {

  /** Leaves the model as it is. */
  static ProjectionHead none(ModelProto model, EncoderCard card) {
    return new ProjectionHead(
        model,
        card.outputTensor(),
        card.outputTensor(),
        card.dimension(),
        card.dimension(),
        null,
        null);
  }

  /**
   * @param dimension of the new vector, at most the old one's
   */
  static ProjectionHead append(ModelProto model, EncoderCard card, int dimension) {
    GraphEditor editor = GraphEditor.of(model);
    int in = card.dimension();
    String unit =
        editor.node(
            "LpNormalization",
            "head.unit",
            List.of(card.outputTensor()),
            attribute("axis", 1L),
            attribute("p", 2L));
    String weight = editor.floats("head.weight", new float[dimension * in], dimension, in);
    String bias = editor.floats("head.bias", new float[dimension], dimension);
    String output =
        editor.node("Gemm", "head.vector", List.of(unit, weight, bias), attribute("transB", 1L));
    editor.keepOnlyVectorOutput(output, dimension);
    return new ProjectionHead(
        editor.model(), card.outputTensor(), output, in, dimension, weight, bias);
  }
}
