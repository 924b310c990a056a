package dev.likeness.encoders.imports;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.imports.ImportException.Reason;
import dev.likeness.encoders.store.Pooling;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tensor that becomes the embedding, and what there is to say about it.
 *
 * @param notes for the user
 */
record OutputChoice(String tensor, List<String> notes) {

  private static final List<String> VECTOR_NAMES =
      List.of("embedding", "embeddings", "features", "image_embeds", "pooler_output");
  private static final List<String> MAP_NAMES = List.of("last_hidden_state", "feature_map");

  /** Layers whose input is a map worth pooling. */
  private static final Set<String> POOLING_OPERATORS =
      Set.of("GlobalAveragePool", "GlobalMaxPool", "ReduceMean");

  private static final int SHOWN_CANDIDATES = 6;

  OutputChoice {
    notes = List.copyOf(notes);
  }

  static OutputChoice choose(GraphEditor editor, @Nullable String wanted, Pooling pooling) {
    GraphProto graph = editor.graph().build();
    if (wanted == null) {
      String output = usualOutput(graph, pooling);
      return new OutputChoice(output, headNotes(editor, output));
    }
    if (wanted.equals(ImportRequest.BEFORE_HEAD)) {
      return beforeHead(editor, graph);
    }
    boolean exists =
        graph.getOutputList().stream().anyMatch(output -> output.getName().equals(wanted))
            || editor.producer(wanted).isPresent();
    if (!exists) {
      throw new ImportException(
          Reason.UNKNOWN_TENSOR,
          "the graph has no tensor '%s'; candidates: %s".formatted(wanted, candidates(editor)));
    }
    return new OutputChoice(wanted, List.of());
  }

  /** Tensors an embedding is usually taken from, for messages. */
  static String candidates(GraphEditor editor) {
    GraphProto graph = editor.graph().build();
    Set<String> names = new LinkedHashSet<>();
    for (ValueInfoProto output : graph.getOutputList()) {
      names.add(output.getName());
      ClassifierHead.of(editor, output.getName()).ifPresent(head -> names.add(head.input()));
    }
    for (NodeProto node : graph.getNodeList().reversed()) {
      if (POOLING_OPERATORS.contains(node.getOpType())) {
        names.add(node.getInput(0));
      }
      if (node.getOpType().equals("LayerNormalization")) {
        names.add(node.getOutput(0));
      }
    }
    return String.join(", ", names.stream().limit(SHOWN_CANDIDATES).toList());
  }

  private static OutputChoice beforeHead(GraphEditor editor, GraphProto graph) {
    List<String> inputs = new ArrayList<>();
    for (ValueInfoProto output : graph.getOutputList()) {
      ClassifierHead.of(editor, output.getName()).ifPresent(head -> inputs.add(head.input()));
    }
    if (inputs.isEmpty()) {
      throw new ImportException(
          Reason.UNKNOWN_TENSOR,
          "no output ends in a linear layer, so that there is no head to leave out; candidates: "
              + candidates(editor));
    }
    String tensor = inputs.getFirst();
    return new OutputChoice(
        tensor, List.of("the embedding is '%s', the tensor before the head".formatted(tensor)));
  }

  private static String usualOutput(GraphProto graph, Pooling pooling) {
    List<ValueInfoProto> outputs = graph.getOutputList();
    if (outputs.size() == 1) {
      return outputs.getFirst().getName();
    }
    List<String> names = outputs.stream().map(ValueInfoProto::getName).toList();
    List<String> usual = pooling == Pooling.NONE ? VECTOR_NAMES : MAP_NAMES;
    Optional<String> named = usual.stream().filter(names::contains).findFirst();
    return named.orElseGet(
        () -> {
          List<String> fitting =
              outputs.stream()
                  .filter(output -> (rank(output) == 2) == (pooling == Pooling.NONE))
                  .map(ValueInfoProto::getName)
                  .toList();
          if (fitting.size() == 1) {
            return fitting.getFirst();
          }
          throw new ImportException(
              Reason.AMBIGUOUS_OUTPUT,
              "the graph has the outputs %s; say which with --output"
                  .formatted(String.join(", ", names)));
        });
  }

  private static int rank(ValueInfoProto output) {
    return output.getType().getTensorType().getShape().getDimCount();
  }

  private static List<String> headNotes(GraphEditor editor, String output) {
    if (VECTOR_NAMES.contains(output)) {
      return List.of();
    }
    return ClassifierHead.of(editor, output)
        .map(
            head ->
                List.of(
                    ("output '%s' comes from a final linear layer (%s), probably a classifier; the"
                            + " features before it are usually the better embedding: import with"
                            + " --output %s")
                        .formatted(output, head.operator(), head.input())))
        .orElse(List.of());
  }
}
