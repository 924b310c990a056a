package dev.likeness.encoders.architecture;

import dev.likeness.encoders.graph.GraphBuilder;
import dev.likeness.encoders.store.Pooling;
import java.util.List;

/**
 * A. Dosovitskiy et al., 2021, "An image is worth 16×16 words", under torchvision's names: layer
 * normalisation before each branch, query, key and value in one matrix.
 *
 * @param patch side in pixels
 * @param trainedSize input size that the positions were learned for
 */
record VisionTransformer(int width, int depth, int heads, int patch, int trainedSize)
    implements Backbone {

  private static final float EPSILON = 1e-6f;

  @Override
  public Embedding append(GraphBuilder net, String image, NetworkOptions options) {
    PatchGrid grid = PatchGrid.of(options.size(), patch);
    TransformerLayers layers = new TransformerLayers(net, grid.tokens(), width, heads, EPSILON);
    String x = embeddings(layers, grid, image, options.positionRule());
    for (int layer = 0; layer < depth; layer++) {
      x = block(layers, "encoder.layers.encoder_layer_" + layer, x);
    }
    return new Embedding(pool(layers, x, options.pooling()), width);
  }

  private String embeddings(
      TransformerLayers layers, PatchGrid grid, String image, PositionRule rule) {
    GraphBuilder net = layers.net();
    String classToken = net.weight("class_token", 1, 1, width);
    List<String> projection =
        List.of(
            net.weight("conv_proj.weight", width, 3, patch, patch),
            net.weight("conv_proj.bias", width));
    int trainedGrid = trainedSize / patch;
    String positions =
        net.weight("encoder.pos_embedding", 1, 1 + (long) trainedGrid * trainedGrid, width);
    return new PatchEmbedding(layers, grid, trainedGrid, rule)
        .tokens(image, projection, classToken, positions);
  }

  /** x + attention(norm(x)), then x + mlp(norm(x)). */
  private String block(TransformerLayers layers, String name, String x) {
    String attended = attention(layers, name, layers.layerNorm(name + ".ln_1", x));
    String middle = layers.add(name + ".middle", attended, x);
    String hidden = layers.layerNorm(name + ".ln_2", middle);
    hidden = layers.linear(name + ".mlp.linear_1", hidden, width, 4 * width);
    hidden = layers.gelu(name + ".mlp", hidden);
    hidden = layers.linear(name + ".mlp.linear_2", hidden, 4 * width, width);
    return layers.add(name, middle, hidden);
  }

  private String attention(TransformerLayers layers, String block, String x) {
    GraphBuilder net = layers.net();
    String name = block + ".self_attention";
    String weight = net.weight(name + ".in_proj_weight", 3L * width, width);
    String bias = net.weight(name + ".in_proj_bias", 3L * width);
    List<String> qkv = layers.split(name, layers.linear(name + ".in_proj", x, weight, bias));
    String mixed = layers.attention(name, qkv.get(0), qkv.get(1), qkv.get(2));
    return layers.linear(name + ".out_proj", mixed, width, width);
  }

  private static String pool(TransformerLayers layers, String x, Pooling pooling) {
    return switch (pooling) {
      case CLS -> layers.layerNorm("encoder.ln", layers.classToken(x));
      case GAP -> layers.patchMean(layers.layerNorm("encoder.ln", x));
      case NONE, GEM -> throw Backbone.noSuchPooling(pooling);
    };
  }
}
