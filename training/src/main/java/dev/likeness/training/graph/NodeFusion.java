package dev.likeness.training.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Joins nodes that libtorch has one operator for: less time, and fewer values kept for backward.
 * For execution only; the file keeps its nodes.
 */
final class NodeFusion {

  private static final int LAST_AXIS = -1;
  private static final double ROOT_OF_TWO = Math.sqrt(2);

  private final FusionView view;

  private NodeFusion(FusionView view) {
    this.view = view;
  }

  /** A pattern: what takes its place, and the nodes that are no longer run on their own. */
  private record Match(TrainNode fused, List<TrainNode> inner) {}

  /**
   * @param wanted tensors that must still be made
   */
  static List<TrainNode> fuse(TrainGraph graph, Set<String> wanted) {
    NodeFusion fusion = new NodeFusion(new FusionView(graph, wanted));
    List<TrainNode> nodes = new ArrayList<>();
    // From the end, because a pattern is found at its last node.
    for (TrainNode node : graph.nodes().reversed()) {
      if (fusion.view.isAbsorbed(node)) {
        continue;
      }
      Optional<Match> match = fusion.match(node);
      match.ifPresent(found -> fusion.view.absorb(found.inner));
      nodes.add(match.map(Match::fused).orElse(node));
    }
    Collections.reverse(nodes);
    return nodes;
  }

  private Optional<Match> match(TrainNode node) {
    if (!node.domain().isEmpty()) {
      return Optional.empty();
    }
    return switch (node.operator()) {
      case "Mul" -> gelu(node).or(() -> silu(node));
      case "Clip" -> bounded(node);
      case "Relu" -> rectified(node);
      case "Add" -> linear(node);
      case "MatMul" -> attention(node);
      default -> Optional.empty();
    };
  }

  /** Limits that are numbers of the file: one kernel each way instead of several. */
  private Optional<Match> bounded(TrainNode node) {
    List<String> inputs = node.inputs();
    NodeAttributes attributes = node.attributes();
    boolean inFile = inputs.size() == 1 && attributes.has("min") && attributes.has("max");
    Optional<Float> min =
        inFile
            ? Optional.of((float) attributes.number("min", 0))
            : inputs.size() == 3 ? view.number(inputs.get(1)) : Optional.empty();
    Optional<Float> max =
        inFile
            ? Optional.of((float) attributes.number("max", 0))
            : inputs.size() == 3 ? view.number(inputs.get(2)) : Optional.empty();
    if (min.isEmpty() || max.isEmpty() || min.get() > max.get()) {
      return Optional.empty();
    }
    String x = inputs.getFirst();
    NodeAttributes bounds =
        NodeAttributes.bounds(min.get(), max.get(), view.isFreelyOverwritten(x));
    return matched(node, FusedOperators.DOMAIN, FusedOperators.BOUNDED, List.of(x), bounds);
  }

  private Optional<Match> rectified(TrainNode node) {
    return view.isFreelyOverwritten(node.inputs().getFirst())
        ? matched(
            node,
            FusedOperators.DOMAIN,
            FusedOperators.RECTIFIED,
            node.inputs(),
            NodeAttributes.none())
        : Optional.empty();
  }

  /** x · sigmoid(x). */
  private Optional<Match> silu(TrainNode end) {
    for (int i = 0; i < 2; i++) {
      String x = end.inputs().get(i);
      Optional<TrainNode> sigmoid =
          view.inner(end.inputs().get(1 - i), "Sigmoid")
              .filter(node -> node.inputs().getFirst().equals(x));
      if (sigmoid.isPresent()) {
        return matched(
            end, FusedOperators.DOMAIN, FusedOperators.SILU, List.of(x), List.of(sigmoid.get()));
      }
    }
    return Optional.empty();
  }

  /** 0.5 · (x · (1 + erf(x / √2))), as exporters wrote it before there was an operator. */
  private Optional<Match> gelu(TrainNode end) {
    for (int half = 0; half < 2; half++) {
      if (!view.isNumber(end.inputs().get(half), 0.5)) {
        continue;
      }
      Optional<TrainNode> product = view.inner(end.inputs().get(1 - half), "Mul");
      for (int x = 0; product.isPresent() && x < 2; x++) {
        String input = product.get().inputs().get(x);
        Optional<TrainNode> sum = view.inner(product.get().inputs().get(1 - x), "Add");
        Optional<TrainNode> erf = sum.flatMap(node -> operandBeside(node, 1, "Erf"));
        Optional<TrainNode> scaled =
            erf.flatMap(node -> view.inner(node.inputs().getFirst(), "Div"));
        if (scaled.isPresent()
            && scaled.get().inputs().getFirst().equals(input)
            && view.isNumber(scaled.get().inputs().get(1), ROOT_OF_TWO)) {
          return matched(
              end,
              "",
              "Gelu",
              List.of(input),
              List.of(product.get(), sum.orElseThrow(), erf.get(), scaled.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** The other operand of a node with a fixed number. */
  private Optional<TrainNode> operandBeside(TrainNode node, double number, String operator) {
    for (int i = 0; i < 2; i++) {
      if (view.isNumber(node.inputs().get(i), number)) {
        return view.inner(node.inputs().get(1 - i), operator);
      }
    }
    return Optional.empty();
  }

  /** x · W + b with weights of the file. */
  private Optional<Match> linear(TrainNode end) {
    for (int i = 0; i < 2; i++) {
      Optional<TrainNode> product = view.inner(end.inputs().get(i), "MatMul");
      String bias = end.inputs().get(1 - i);
      long[] biasShape = view.weightShape(bias);
      if (product.isEmpty() || biasShape == null || biasShape.length != 1) {
        continue;
      }
      String weight = product.get().inputs().get(1);
      long[] weightShape = view.matrixShape(weight);
      if (weightShape != null && weightShape[1] == biasShape[0]) {
        String x = product.get().inputs().getFirst();
        return matched(
            end,
            FusedOperators.DOMAIN,
            FusedOperators.LINEAR,
            List.of(x, weight, bias),
            List.of(product.get()));
      }
    }
    return Optional.empty();
  }

  /** softmax(q · kᵀ) · v along the last axis, wherever the scale is. */
  private Optional<Match> attention(TrainNode end) {
    Optional<TrainNode> softmax = view.inner(end.inputs().getFirst(), "Softmax");
    Optional<TrainNode> scores =
        softmax
            .filter(node -> node.attributes().integer("axis", LAST_AXIS) == LAST_AXIS)
            .flatMap(node -> view.inner(node.inputs().getFirst(), "MatMul"));
    return scores.flatMap(
        product ->
            matched(
                end,
                FusedOperators.DOMAIN,
                FusedOperators.ATTENTION,
                List.of(product.inputs().get(0), product.inputs().get(1), end.inputs().get(1)),
                List.of(product, softmax.orElseThrow())));
  }

  private static Optional<Match> matched(
      TrainNode node,
      String domain,
      String operator,
      List<String> inputs,
      NodeAttributes attributes) {
    TrainNode fused =
        new TrainNode(node.name(), domain, operator, inputs, node.outputs(), attributes);
    return Optional.of(new Match(fused, List.of()));
  }

  private static Optional<Match> matched(
      TrainNode end, String domain, String operator, List<String> inputs, List<TrainNode> inner) {
    TrainNode fused =
        new TrainNode(end.name(), domain, operator, inputs, end.outputs(), NodeAttributes.none());
    return Optional.of(new Match(fused, inner));
  }
}
