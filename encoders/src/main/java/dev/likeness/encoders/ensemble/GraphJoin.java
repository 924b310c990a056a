package dev.likeness.encoders.ensemble;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.graph.GraphTensors;
import dev.likeness.encoders.store.Ensemble;
import dev.likeness.encoders.store.Fusion;
import dev.likeness.encoders.store.ImageTensor;
import dev.likeness.encoders.store.ModelPackage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The graph of an ensemble: the members' graphs side by side, each one's vector brought to length
 * 1, and the fusion of these. Members that prepare images in the same way share an input.
 *
 * <pre>
 * average   y = Σ w v          all v of one dimension
 * concat    y = (√w v | √w v …)  so that ⟨y, y'⟩ = Σ w ⟨v, v'⟩, since Σ w = 1
 * </pre>
 */
final class GraphJoin {

  static final String OUTPUT = "ensemble.embedding";

  /** The first with initializers that are no inputs, which the editor writes. */
  private static final int OLDEST_IR = 8;

  private final ModelProto.Builder joined = ModelProto.newBuilder();
  private final OperatorSets operators = new OperatorSets();
  private final Map<ImageTensor, ValueInfoProto> inputs = new LinkedHashMap<>();
  private final List<String> vectors = new ArrayList<>();

  /**
   * Adds a member.
   *
   * @param member its entry in the card, whose input is the ensemble's
   * @param graph its names in the joined graph
   */
  void add(ModelPackage model, Ensemble.Member member, MemberGraph graph, ModelProto onnx) {
    operators.add(model.name(), onnx);
    joined.setIrVersion(Math.max(OLDEST_IR, Math.max(joined.getIrVersion(), onnx.getIrVersion())));
    int size = member.preprocess().cropSize();
    inputs.put(
        new ImageTensor(member.inputTensor(), member.preprocess()),
        ValueInfoProto.newBuilder()
            .setName(member.inputTensor())
            .setType(GraphTensors.floatType(GraphEditor.BATCH, 3, size, size))
            .build());
    graph.addTo(joined.getGraphBuilder(), onnx.getGraph());
    vectors.add(graph.renamed(model.card().outputTensor()));
  }

  /** The whole graph once all members are in it. */
  byte[] finish(Ensemble ensemble) {
    operators.addTo(joined);
    joined.getGraphBuilder().setName("ensemble").addAllInput(inputs.values());
    GraphEditor editor = GraphEditor.of(joined.build());
    List<String> parts = new ArrayList<>();
    int dimension = 0;
    for (int i = 0; i < vectors.size(); i++) {
      Ensemble.Member member = ensemble.members().get(i);
      parts.add(part(editor, vectors.get(i), factor(ensemble.fusion(), member.weight())));
      dimension += member.dimension();
    }
    String output =
        switch (ensemble.fusion()) {
          case AVERAGE -> editor.node("Sum", OUTPUT, parts);
          case CONCAT -> editor.node("Concat", OUTPUT, parts, attribute("axis", 1L));
        };
    editor.keepOnlyVectorOutput(
        output,
        switch (ensemble.fusion()) {
          case AVERAGE -> ensemble.members().getFirst().dimension();
          case CONCAT -> dimension;
        });
    return editor.toBytes();
  }

  private static float factor(Fusion fusion, double weight) {
    return switch (fusion) {
      case AVERAGE -> (float) weight;
      case CONCAT -> (float) Math.sqrt(weight);
    };
  }

  private static String part(GraphEditor editor, String vector, float factor) {
    String unit =
        editor.node(
            "LpNormalization",
            "ensemble.unit",
            List.of(vector),
            attribute("axis", 1L),
            attribute("p", 2L));
    String weight = editor.floats("ensemble.weight", new float[] {factor}, 1);
    return editor.node("Mul", "ensemble.part", List.of(unit, weight));
  }
}
