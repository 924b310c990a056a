package dev.likeness.encoders.architecture;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import dev.likeness.encoders.graph.GraphBuilder;
import java.util.List;
import java.util.stream.Stream;

/**
 * From an image to its tokens: each patch through one linear map, a class token in front, a learned
 * position added to each.
 *
 * <p>Another input size has another grid. The learned positions are resampled inside the graph, by
 * one small matrix per axis: the weight keeps the checkpoint's shape and gets its gradients, the
 * values are exact, and runtimes compute the constant result once when they load.
 *
 * @param trainedGrid patches along each side of the images that the positions were learned for
 */
record PatchEmbedding(
    TransformerLayers layers, PatchGrid grid, int trainedGrid, PositionRule rule) {

  /**
   * @param projection weights of the patches: the weight, and a bias if there is one
   * @param classToken any shape of width elements
   * @param positions any shape of (1 + trainedGrid²) · width elements, the class token's first
   * @return rows of tokens
   */
  String tokens(String image, List<String> projection, String classToken, String positions) {
    GraphBuilder net = layers.net();
    int width = layers.width();
    List<String> inputs = Stream.concat(Stream.of(image), projection.stream()).toList();
    String map =
        net.node(
            "Conv",
            "patches.projection",
            inputs,
            attribute("kernel_shape", grid.side(), grid.side()),
            attribute("strides", grid.side(), grid.side()));
    String flat =
        layers.reshape(
            "patches.flat", map, net.constant("patches.flat.shape", 0, width, grid.patches()));
    String patches = layers.transposed("patches.tokens", flat, 0, 2, 1);
    // One zero token in front; class token and positions are added together.
    String room =
        net.node(
            "Pad",
            "tokens.room",
            List.of(patches, net.constant("tokens.room.pads", 0, 1, 0, 0, 0, 0)));
    return layers.rows(
        "tokens.rows", layers.add("tokens", room, offsets(net, classToken, positions)));
  }

  /** What is added to each token, [tokens, width]. */
  private String offsets(GraphBuilder net, String classToken, String positions) {
    String rows = layers.rows("positions.rows", positions);
    String first = layers.slice("positions.class", rows, 0, 0, 1);
    String others = layers.slice("positions.patches", rows, 0, 1, 1 + trainedGrid * trainedGrid);
    String start = layers.add("tokens.class", layers.rows("class_token.rows", classToken), first);
    return net.node(
        "Concat", "tokens.offsets", List.of(start, resampled(net, others)), attribute("axis", 0L));
  }

  private String resampled(GraphBuilder net, String positions) {
    if (grid.rows() == trainedGrid && grid.columns() == trainedGrid) {
      return positions;
    }
    int width = layers.width();
    String lines =
        layers.reshape(
            "positions.lines",
            positions,
            net.constant("positions.lines.shape", trainedGrid, (long) trainedGrid * width));
    String tall =
        net.node("MatMul", "positions.tall", List.of(matrix(net, "vertical", grid.rows()), lines));
    String cells =
        layers.reshape(
            "positions.cells",
            tall,
            net.constant("positions.cells.shape", grid.rows(), trainedGrid, width));
    String wide =
        net.node(
            "MatMul", "positions.wide", List.of(matrix(net, "horizontal", grid.columns()), cells));
    return layers.rows("positions.resampled", wide);
  }

  private String matrix(GraphBuilder net, String axis, int to) {
    return net.constant("positions." + axis, rule.matrix(trainedGrid, to), to, trainedGrid);
  }
}
