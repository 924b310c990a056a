package dev.likeness.encoders.architecture;

import dev.likeness.encoders.graph.GraphBuilder;
import dev.likeness.encoders.store.Pooling;
import java.util.List;

/**
 * M. Oquab et al., 2023, "DINOv2: learning robust visual features without supervision", under
 * Hugging Face's names: a vision transformer whose branches are scaled per channel before they are
 * added (H. Touvron et al., 2021, "Going deeper with image transformers").
 *
 * @param patch side in pixels
 * @param trainedSize input size that the positions were learned for
 */
record Dinov2(int width, int depth, int heads, int patch, int trainedSize) implements Backbone {

  private static final float EPSILON = 1e-6f;

  @Override
  public Embedding append(GraphBuilder net, String image, NetworkOptions options) {
    PatchGrid grid = PatchGrid.of(options.size(), patch);
    TransformerLayers layers = new TransformerLayers(net, grid.tokens(), width, heads, EPSILON);
    String x = embeddings(layers, grid, image, options.positionRule());
    for (int layer = 0; layer < depth; layer++) {
      x = block(layers, "encoder.layer." + layer, x);
    }
    return new Embedding(pool(layers, x, options.pooling()), width);
  }

  private String embeddings(
      TransformerLayers layers, PatchGrid grid, String image, PositionRule rule) {
    GraphBuilder net = layers.net();
    String classToken = net.weight("embeddings.cls_token", 1, 1, width);
    String patches = "embeddings.patch_embeddings.projection";
    List<String> projection =
        List.of(
            net.weight(patches + ".weight", width, 3, patch, patch),
            net.weight(patches + ".bias", width));
    int trainedGrid = trainedSize / patch;
    String positions =
        net.weight(
            "embeddings.position_embeddings", 1, 1 + (long) trainedGrid * trainedGrid, width);
    return new PatchEmbedding(layers, grid, trainedGrid, rule)
        .tokens(image, projection, classToken, positions);
  }

  /** x + s₁ · attention(norm(x)), then x + s₂ · mlp(norm(x)). */
  private String block(TransformerLayers layers, String name, String x) {
    String attended = attention(layers, name, layers.layerNorm(name + ".norm1", x));
    attended = layers.scale(name + ".layer_scale1.lambda1", attended);
    String middle = layers.add(name + ".middle", attended, x);
    String hidden = layers.layerNorm(name + ".norm2", middle);
    hidden = layers.linear(name + ".mlp.fc1", hidden, width, 4 * width);
    hidden = layers.gelu(name + ".mlp", hidden);
    hidden = layers.linear(name + ".mlp.fc2", hidden, 4 * width, width);
    hidden = layers.scale(name + ".layer_scale2.lambda1", hidden);
    return layers.add(name, hidden, middle);
  }

  private String attention(TransformerLayers layers, String block, String x) {
    String name = block + ".attention";
    String queries = layers.linear(name + ".attention.query", x, width, width);
    String keys = layers.linear(name + ".attention.key", x, width, width);
    String values = layers.linear(name + ".attention.value", x, width, width);
    String mixed = layers.attention(name, queries, keys, values);
    return layers.linear(name + ".output.dense", mixed, width, width);
  }

  private static String pool(TransformerLayers layers, String x, Pooling pooling) {
    return switch (pooling) {
      case CLS -> layers.layerNorm("layernorm", layers.classToken(x));
      case GAP -> layers.patchMean(layers.layerNorm("layernorm", x));
      case NONE, GEM -> throw Backbone.noSuchPooling(pooling);
    };
  }
}
