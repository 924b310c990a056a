package dev.likeness.encoders.execution;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.graph.GraphTensors;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Squeeze-and-excitation (J. Hu et al., 2018) without leaving the blocked order of memory.
 *
 * <p>Such a block multiplies each channel of a map by one number that was computed from the map.
 * ONNX Runtime has no such product in blocked order: it copies the map into plain order, multiplies
 * and copies back, three ways through memory. But a convolution with 1 × 1 kernels that sees each
 * channel by itself <em>is</em> this product, and that it has; the numbers are its weights. It
 * takes one way, and each value is one product as before, so that the result is the same to the
 * last bit.
 *
 * <p>The weights of a convolution are the same for all images, so the graph takes <b>one image per
 * run</b> then.
 */
final class ChannelScaling {

  private final GraphEditor editor;
  private final GraphProto graph;
  private final BlockedMaps maps;
  private final Map<String, List<NodeProto>> replacements = new HashMap<>();
  private final Set<String> dropped = new HashSet<>();

  private ChannelScaling(ModelProto model) {
    this.editor = GraphEditor.of(model);
    this.graph = model.getGraph();
    this.maps = new BlockedMaps(graph);
  }

  /**
   * @param model as ONNX Runtime optimised it for this machine
   * @param output the one that is wanted
   * @return the same function of one image; empty if there is nothing to gain
   */
  static Optional<ModelProto> apply(ModelProto model, String output) {
    ChannelScaling scaling = new ChannelScaling(model);
    if (scaling.graph.getNodeList().stream().anyMatch(ChannelScaling::mayJoinImages)) {
      return Optional.empty();
    }
    for (NodeProto node : scaling.graph.getNodeList()) {
      if (node.getDomain().isEmpty() && node.getOpType().equals("Mul")) {
        scaling.consider(node, node.getInput(0), node.getInput(1));
        scaling.consider(node, node.getInput(1), node.getInput(0));
      }
    }
    return scaling.replacements.isEmpty() ? Optional.empty() : Optional.of(scaling.written(output));
  }

  /** Several views of one image, say, which are as many images to the nodes behind. */
  private static boolean mayJoinImages(NodeProto node) {
    return node.getOpType().equals("Concat") && BlockedMaps.attribute(node, "axis") == 0;
  }

  private void consider(NodeProto product, String plainMap, String plainScale) {
    Optional<String> map = maps.inBlocks(plainMap);
    String scale = maps.inBlocks(plainScale).orElse(plainScale);
    Optional<NodeProto> back =
        maps.onlyConsumer(product.getOutput(0))
            .filter(node -> BlockedMaps.isBlocked(node, BlockedMaps.TO_BLOCKS))
            .filter(node -> BlockedMaps.attribute(node, "channels_last") == 0);
    if (map.isEmpty() || back.isEmpty()) {
      return;
    }
    OptionalLong channels = maps.channels(map.get());
    if (channels.isPresent()
        && channels.equals(maps.channels(scale))
        && maps.isAverage(scale)
        && !maps.isAverage(map.get())) {
      dropped.add(back.get().getOutput(0));
      replacements.put(
          product.getOutput(0),
          scaled(map.get(), scale, channels.getAsLong(), back.get().getOutput(0)));
    }
  }

  /**
   * @param scale one image's, [1, channels, 1, 1], where blocked and plain order are the same
   */
  private List<NodeProto> scaled(String map, String scale, long channels, String output) {
    String shape = output + ".scale_shape";
    String weights = output + ".scale";
    editor.graph().addInitializer(GraphTensors.integers(shape, new long[] {channels, 1, 1, 1}, 4));
    NodeProto reshape =
        NodeProto.newBuilder()
            .setOpType("Reshape")
            .setName(weights)
            .addInput(scale)
            .addInput(shape)
            .addOutput(weights)
            .build();
    NodeProto convolution =
        NodeProto.newBuilder()
            .setDomain(BlockedMaps.DOMAIN)
            .setOpType("Conv")
            .setName(output)
            .addInput(map)
            .addInput(weights)
            .addOutput(output)
            .addAttribute(attribute("kernel_shape", 1, 1))
            .addAttribute(attribute("group", channels))
            .build();
    return List.of(reshape, convolution);
  }

  private ModelProto written(String output) {
    editor.graph().clearNode();
    for (NodeProto node : graph.getNodeList()) {
      if (!dropped.contains(node.getOutput(0))) {
        editor.graph().addAllNode(replacements.getOrDefault(node.getOutput(0), List.of(node)));
      }
    }
    editor.keepOnlyOutput(output);
    return editor.model();
  }
}
