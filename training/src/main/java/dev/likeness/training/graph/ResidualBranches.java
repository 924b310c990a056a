package dev.likeness.training.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The branches of a network that are added to what they were computed from: x + f(x), with weights
 * in f. Where the shortcut has weights of its own, too, there is none.
 */
public final class ResidualBranches {

  private static final Set<String> WITH_WEIGHTS = Set.of("Conv", "MatMul", "Gemm");

  private ResidualBranches() {}

  /**
   * @param node name of the addition
   * @param input which of its inputs the branch is, 0 or 1
   */
  public record Branch(String node, int input) {}

  /** In the order of the graph. */
  public static List<Branch> of(TrainGraph graph) {
    Map<String, Integer> makers = new HashMap<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      for (String output : graph.nodes().get(i).outputs()) {
        makers.put(output, i);
      }
    }
    List<Branch> branches = new ArrayList<>();
    for (TrainNode node : graph.nodes()) {
      if (!node.domain().isEmpty() || !node.operator().equals("Add")) {
        continue;
      }
      for (int input = 0; input < 2; input++) {
        if (isBranch(graph, makers, node.inputs().get(input), node.inputs().get(1 - input))) {
          branches.add(new Branch(node.name(), input));
          break;
        }
      }
    }
    return branches;
  }

  /** Whether the way from the shortcut to the branch's end leads through weights. */
  private static boolean isBranch(
      TrainGraph graph, Map<String, Integer> makers, String end, String shortcut) {
    int first = makers.getOrDefault(shortcut, -1);
    if (!makers.containsKey(end) || (first < 0 && !graph.inputs().contains(shortcut))) {
      return false;
    }
    Set<String> seen = new HashSet<>();
    Deque<String> open = new ArrayDeque<>(List.of(end));
    boolean weights = false;
    boolean meets = false;
    while (!open.isEmpty()) {
      String tensor = open.pop();
      meets |= tensor.equals(shortcut);
      Integer maker = makers.get(tensor);
      if (maker != null && maker > first && seen.add(tensor)) {
        TrainNode node = graph.nodes().get(maker);
        weights |= WITH_WEIGHTS.contains(node.operator());
        open.addAll(node.inputs());
      }
    }
    return weights && meets;
  }
}
