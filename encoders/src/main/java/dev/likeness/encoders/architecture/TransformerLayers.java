package dev.likeness.encoders.architecture;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import dev.likeness.encoders.graph.GraphBuilder;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The layers that vision transformers are made of (A. Dosovitskiy et al., 2021, "An image is worth
 * 16×16 words"). Tokens are rows, [N · tokens, width]: every linear layer is then one Gemm that
 * takes the checkpoint's [out, in] matrix as it is.
 *
 * @param tokens of one image, the class token first
 * @param heads of the attention; width is divided among them
 * @param epsilon of layer normalisation
 */
record TransformerLayers(GraphBuilder net, int tokens, int width, int heads, float epsilon) {

  String layerNorm(String name, String x) {
    return net.node(
        "LayerNormalization",
        name,
        List.of(x, net.weight(name + ".weight", width), net.weight(name + ".bias", width)),
        attribute("axis", -1L),
        attribute("epsilon", epsilon));
  }

  /** x · Wᵀ + b, of {@code name.weight} and {@code name.bias}. */
  String linear(String name, String x, int in, int out) {
    return linear(name, x, net.weight(name + ".weight", out, in), net.weight(name + ".bias", out));
  }

  String linear(String name, String x, String weight, String bias) {
    return net.node("Gemm", name, List.of(x, weight, bias), attribute("transB", 1L));
  }

  /** x · Wᵀ. */
  String linearWithoutBias(String name, String x, int in, int out) {
    String weight = net.weight(name + ".weight", out, in);
    return net.node("Gemm", name, List.of(x, weight), attribute("transB", 1L));
  }

  String gelu(String name, String x) {
    return net.node("Gelu", name + ".gelu", List.of(x));
  }

  /** x · sigmoid(1.702 x). */
  String quickGelu(String name, String x) {
    String factor = net.constant(name + ".factor", new float[] {1.702f});
    String scaled = net.node("Mul", name + ".scaled", List.of(x, factor));
    String gate = net.node("Sigmoid", name + ".gate", List.of(scaled));
    return net.node("Mul", name + ".quick_gelu", List.of(x, gate));
  }

  String add(String name, String left, String right) {
    return net.node("Add", name, List.of(left, right));
  }

  /** Each channel times its own weight. */
  String scale(String name, String x) {
    return net.node("Mul", name, List.of(x, net.weight(name, width)));
  }

  /** Rows of [q k v] in three. */
  List<String> split(String name, String packed) {
    return net.nodes(
        "Split",
        name + ".split",
        List.of(packed),
        Stream.of("q", "k", "v").map(part -> name + "." + part).toList(),
        attribute("axis", 1L),
        attribute("num_outputs", 3L));
  }

  /** softmax(q kᵀ / √d) v for each head; rows in, rows out. */
  String attention(String name, String q, String k, String v) {
    int size = width / heads;
    String shape = net.constant(name + ".heads", -1, tokens, heads, size);
    String queries = transposed(name + ".queries", reshape(name + ".q4", q, shape), 0, 2, 1, 3);
    String keys = transposed(name + ".keys", reshape(name + ".k4", k, shape), 0, 2, 3, 1);
    String values = transposed(name + ".values", reshape(name + ".v4", v, shape), 0, 2, 1, 3);
    String factor = net.constant(name + ".scale", new float[] {(float) (1 / Math.sqrt(size))});
    String scaled = net.node("Mul", name + ".scaled", List.of(queries, factor));
    String scores = net.node("MatMul", name + ".scores", List.of(scaled, keys));
    String weights =
        net.node("Softmax", name + ".softmax", List.of(scores), attribute("axis", -1L));
    String mixed = net.node("MatMul", name + ".mixed", List.of(weights, values));
    return rows(name + ".rows", transposed(name + ".merged", mixed, 0, 2, 1, 3));
  }

  /** Anything that ends in tokens of this width, as rows. */
  String rows(String name, String x) {
    return reshape(name, x, net.constant(name + ".shape", -1, width));
  }

  /** Token 0 of every image, [N, width]. */
  String classToken(String x) {
    return net.node(
        "Gather",
        "class_token.row",
        List.of(images(x), net.scalar("class_token.index", 0)),
        attribute("axis", 1L));
  }

  /** Mean over the tokens behind the class token, [N, width]. */
  String patchMean(String x) {
    String patches = slice("patches", images(x), 1, 1, tokens);
    String axis = net.constant("patches.mean.axis", 1);
    return net.node(
        "ReduceMean", "patches.mean", List.of(patches, axis), attribute("keepdims", 0L));
  }

  String slice(String name, String x, int axis, int start, int end) {
    return net.node(
        "Slice",
        name,
        List.of(
            x,
            net.constant(name + ".start", start),
            net.constant(name + ".end", end),
            net.constant(name + ".axis", axis)));
  }

  String reshape(String name, String x, String shape) {
    return net.node("Reshape", name, List.of(x, shape));
  }

  private String images(String x) {
    return reshape("images", x, net.constant("images.shape", -1, tokens, width));
  }

  String transposed(String name, String x, int... axes) {
    long[] order = IntStream.of(axes).asLongStream().toArray();
    return net.node("Transpose", name, List.of(x), attribute("perm", order));
  }
}
