package dev.likeness.encoders.architecture;

import dev.likeness.encoders.graph.GraphBuilder;
import dev.likeness.encoders.store.Pooling;
import java.util.List;

/**
 * The image tower of A. Radford et al., 2021, "Learning transferable visual models from natural
 * language supervision", under Hugging Face's names: a vision transformer with a layer
 * normalisation before the first block too, quick GELU, and a projection into the space shared with
 * text.
 *
 * @param patch side in pixels
 * @param trainedSize input size that the positions were learned for
 * @param projected length of the projected vector
 */
record ClipVisionTower(int width, int depth, int heads, int patch, int trainedSize, int projected)
    implements Backbone {

  private static final float EPSILON = 1e-5f;
  private static final String MODEL = "vision_model.";

  @Override
  public Embedding append(GraphBuilder net, String image, NetworkOptions options) {
    PatchGrid grid = PatchGrid.of(options.size(), patch);
    TransformerLayers layers = new TransformerLayers(net, grid.tokens(), width, heads, EPSILON);
    String x = embeddings(layers, grid, image, options.positionRule());
    x = layers.layerNorm(MODEL + "pre_layrnorm", x);
    for (int layer = 0; layer < depth; layer++) {
      x = block(layers, MODEL + "encoder.layers." + layer, x);
    }
    return pool(layers, x, options.pooling());
  }

  private String embeddings(
      TransformerLayers layers, PatchGrid grid, String image, PositionRule rule) {
    GraphBuilder net = layers.net();
    String name = MODEL + "embeddings.";
    String classToken = net.weight(name + "class_embedding", width);
    String projection = net.weight(name + "patch_embedding.weight", width, 3, patch, patch);
    int trainedGrid = trainedSize / patch;
    String positions =
        net.weight(name + "position_embedding.weight", 1 + (long) trainedGrid * trainedGrid, width);
    return new PatchEmbedding(layers, grid, trainedGrid, rule)
        .tokens(image, List.of(projection), classToken, positions);
  }

  /** x + attention(norm(x)), then x + mlp(norm(x)). */
  private String block(TransformerLayers layers, String name, String x) {
    String normed = layers.layerNorm(name + ".layer_norm1", x);
    String middle = layers.add(name + ".middle", x, attention(layers, name + ".self_attn", normed));
    String hidden = layers.layerNorm(name + ".layer_norm2", middle);
    hidden = layers.linear(name + ".mlp.fc1", hidden, width, 4 * width);
    hidden = layers.quickGelu(name + ".mlp", hidden);
    hidden = layers.linear(name + ".mlp.fc2", hidden, 4 * width, width);
    return layers.add(name, middle, hidden);
  }

  private String attention(TransformerLayers layers, String name, String x) {
    String queries = layers.linear(name + ".q_proj", x, width, width);
    String keys = layers.linear(name + ".k_proj", x, width, width);
    String values = layers.linear(name + ".v_proj", x, width, width);
    String mixed = layers.attention(name, queries, keys, values);
    return layers.linear(name + ".out_proj", mixed, width, width);
  }

  /** The class token, normalised; without further pooling it is projected as CLIP compares it. */
  private Embedding pool(TransformerLayers layers, String x, Pooling pooling) {
    String norm = MODEL + "post_layernorm";
    return switch (pooling) {
      case NONE ->
          new Embedding(
              layers.linearWithoutBias(
                  "visual_projection",
                  layers.layerNorm(norm, layers.classToken(x)),
                  width,
                  projected),
              projected);
      case CLS -> new Embedding(layers.layerNorm(norm, layers.classToken(x)), width);
      case GAP -> new Embedding(layers.patchMean(layers.layerNorm(norm, x)), width);
      case GEM -> throw Backbone.noSuchPooling(pooling);
    };
  }
}
