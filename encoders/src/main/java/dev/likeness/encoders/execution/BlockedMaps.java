package dev.likeness.encoders.execution;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What is known of the tensors of a graph whose maps ONNX Runtime keeps in blocks of channels, [N,
 * C/b, H, W, b] instead of [N, C, H, W], with b of 8 or 16 by the width of the registers.
 */
final class BlockedMaps {

  /** Convolutions and poolings in that order of memory, and the ways into and out of it. */
  static final String DOMAIN = "com.microsoft.nchwc";

  static final String FROM_BLOCKS = "ReorderOutput";
  static final String TO_BLOCKS = "ReorderInput";

  /** In either order of memory, and with its activation in one. */
  private static final Set<String> CONVOLUTIONS = Set.of("Conv", "FusedConv");

  private static final String AVERAGE = "GlobalAveragePool";

  /** One input, one output, element by element. */
  private static final Set<String> ACTIVATIONS =
      Set.of("QuickGelu", "Sigmoid", "HardSigmoid", "HardSwish", "Relu", "Clip", "Tanh");

  private final Map<String, NodeProto> producers = new HashMap<>();
  private final Map<String, List<NodeProto>> consumers = new HashMap<>();
  private final Map<String, TensorProto> weights = new HashMap<>();

  BlockedMaps(GraphProto graph) {
    for (NodeProto node : graph.getNodeList()) {
      node.getOutputList().forEach(output -> producers.put(output, node));
      for (String input : Set.copyOf(node.getInputList())) {
        consumers.computeIfAbsent(input, unused -> new ArrayList<>()).add(node);
      }
    }
    // The graph hands its outputs out, which is a use that no node has.
    graph
        .getOutputList()
        .forEach(
            output -> consumers.put(output.getName(), List.of(NodeProto.getDefaultInstance())));
    graph.getInitializerList().forEach(weight -> weights.put(weight.getName(), weight));
  }

  /** The blocked tensor that this one is a reordered copy of. */
  Optional<String> inBlocks(String tensor) {
    return producer(tensor)
        .filter(node -> isBlocked(node, FROM_BLOCKS) && attribute(node, "channels_last") == 0)
        .map(node -> node.getInput(0));
  }

  /** The only node that takes a tensor. */
  Optional<NodeProto> onlyConsumer(String tensor) {
    List<NodeProto> found = consumers.getOrDefault(tensor, List.of());
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /** Channels of a tensor, in blocks those that only fill the last block included. */
  OptionalLong channels(String tensor) {
    NodeProto node = origin(tensor);
    if (!CONVOLUTIONS.contains(node.getOpType()) || !weights.containsKey(node.getInput(1))) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(weights.get(node.getInput(1)).getDims(0));
  }

  /** Whether it was averaged over space, and only weighed and bent since: [N, C, 1, 1]. */
  boolean isAverage(String tensor) {
    NodeProto node = origin(tensor);
    if (node.getOpType().equals(AVERAGE)) {
      return true;
    }
    return CONVOLUTIONS.contains(node.getOpType())
        && ints(node, "kernel_shape").stream().allMatch(side -> side == 1)
        && ints(node, "pads").stream().allMatch(padding -> padding == 0)
        && isAverage(node.getInput(0));
  }

  static boolean isBlocked(NodeProto node, String operator) {
    return node.getDomain().equals(DOMAIN) && node.getOpType().equals(operator);
  }

  static long attribute(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(found -> found.getName().equals(name))
        .mapToLong(AttributeProto::getI)
        .findFirst()
        .orElse(0);
  }

  /** What made the values, before activations and changes of order. */
  private NodeProto origin(String tensor) {
    NodeProto node = producer(tensor).orElse(NodeProto.getDefaultInstance());
    boolean passesOn =
        ACTIVATIONS.contains(node.getOpType())
            || isBlocked(node, FROM_BLOCKS)
            || isBlocked(node, TO_BLOCKS);
    return passesOn ? origin(node.getInput(0)) : node;
  }

  private Optional<NodeProto> producer(String tensor) {
    return Optional.ofNullable(producers.get(tensor));
  }

  private static List<Long> ints(NodeProto node, String name) {
    return node.getAttributeList().stream()
        .filter(found -> found.getName().equals(name))
        .flatMap(found -> found.getIntsList().stream())
        .toList();
  }
}
