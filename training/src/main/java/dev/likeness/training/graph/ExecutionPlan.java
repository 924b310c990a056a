package dev.likeness.training.graph;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The nodes that some tensors need, in order, each with the values that nobody reads after it.
 *
 * @param steps in the order of the graph
 */
public record ExecutionPlan(List<Step> steps) {

  /**
   * @param released values to free after the node, weights and wanted tensors never among them
   */
  public record Step(TrainNode node, List<String> released) {
    public Step {
      released = List.copyOf(released);
    }
  }

  public ExecutionPlan {
    steps = List.copyOf(steps);
  }

  /**
   * The nodes as the file has them.
   *
   * @throws IllegalArgumentException if the graph makes no tensor of a wanted name
   */
  public static ExecutionPlan of(TrainGraph graph, Set<String> wanted) {
    return of(graph, Set.of(), wanted);
  }

  /**
   * The nodes between two sets of tensors.
   *
   * @param given tensors that are there already; what leads to them is left out
   * @throws IllegalArgumentException if the graph makes no tensor of a wanted name
   */
  public static ExecutionPlan of(TrainGraph graph, Set<String> given, Set<String> wanted) {
    return of(graph, graph.nodes(), given, wanted);
  }

  /**
   * With nodes joined where libtorch has one operator for several.
   *
   * @throws IllegalArgumentException if the graph makes no tensor of a wanted name
   */
  public static ExecutionPlan fused(TrainGraph graph, Set<String> wanted) {
    return fused(graph, Set.of(), wanted);
  }

  /** As {@link #fused(TrainGraph, Set)}, between two sets of tensors. */
  public static ExecutionPlan fused(TrainGraph graph, Set<String> given, Set<String> wanted) {
    Set<String> kept = new HashSet<>(wanted);
    kept.addAll(given);
    return of(graph, NodeFusion.fuse(graph, kept), given, wanted);
  }

  private static ExecutionPlan of(
      TrainGraph graph, List<TrainNode> nodes, Set<String> given, Set<String> wanted) {
    Set<String> needed = new HashSet<>(wanted);
    needed.removeAll(given);
    Set<String> live = new HashSet<>(wanted);
    live.addAll(given);
    Set<String> made = new HashSet<>();
    List<Step> steps = new ArrayList<>();
    // From the end: the first reader that is met is the last to read.
    for (TrainNode node : nodes.reversed()) {
      made.addAll(node.outputs());
      if (node.outputs().stream().noneMatch(needed::contains)) {
        continue;
      }
      List<String> released = new ArrayList<>();
      for (String output : node.outputs()) {
        if (!output.isEmpty() && live.add(output)) {
          released.add(output);
        }
      }
      for (String input : node.inputs()) {
        if (!given.contains(input)) {
          needed.add(input);
        }
        if (!input.isEmpty() && isValue(graph, input) && live.add(input)) {
          released.add(input);
        }
      }
      steps.add(new Step(node, released));
    }
    for (String tensor : wanted) {
      if (!made.contains(tensor) && !given.contains(tensor) && !graph.inputs().contains(tensor)) {
        throw new IllegalArgumentException("the graph makes no tensor '%s'".formatted(tensor));
      }
    }
    Collections.reverse(steps);
    return new ExecutionPlan(steps);
  }

  private static boolean isValue(TrainGraph graph, String tensor) {
    return !graph.initializers().containsKey(tensor) && !graph.inputs().contains(tensor);
  }
}
