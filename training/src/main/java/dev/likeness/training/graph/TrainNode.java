package dev.likeness.training.graph;

import java.util.List;

/**
 * One node of a graph.
 *
 * @param name as the file has it, or its first output if it has none
 * @param domain empty for the standard operators
 * @param inputs tensor names; an empty one is an input that is left out
 */
public record TrainNode(
    String name,
    String domain,
    String operator,
    List<String> inputs,
    List<String> outputs,
    NodeAttributes attributes) {

  public TrainNode {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
