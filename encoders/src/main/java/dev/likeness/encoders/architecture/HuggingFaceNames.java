package dev.likeness.encoders.architecture;

import dev.likeness.encoders.architecture.TensorSource.Arrangement;
import java.util.List;

/** The dialects of the networks whose graphs carry Hugging Face's names. */
final class HuggingFaceNames {

  private HuggingFaceNames() {}

  /** Hugging Face, timm, and the original CLIP, which open_clip follows. */
  static List<NameDialect> clip() {
    NameDialect huggingFace =
        NameDialect.of("Hugging Face")
            .besides(
                "text_model\\..*",
                "text_projection\\..*",
                "visual_projection\\.weight",
                "logit_scale",
                "vision_model\\.embeddings\\.position_ids");
    return List.of(huggingFace, clipOfTimm(), clipOfOpenAi());
  }

  private static NameDialect clipOfTimm() {
    String embeddings = "vision_model\\.embeddings\\.";
    String layer = "vision_model\\.encoder\\.layers\\.(\\d+)\\.";
    NameDialect timm =
        NameDialect.of("timm")
            .rename(embeddings + "class_embedding", "cls_token")
            .rename(embeddings + "position_embedding\\.weight", "pos_embed")
            .rename(embeddings + "patch_embedding\\.weight", "patch_embed.proj.weight")
            .rename("vision_model\\.pre_layrnorm\\.(\\w+)", "norm_pre.$1")
            .rename("vision_model\\.post_layernorm\\.(\\w+)", "norm.$1")
            .rename("visual_projection\\.weight", "head.weight")
            .rename(layer + "layer_norm([12])\\.(\\w+)", "blocks.$1.norm$2.$3")
            .rename(layer + "self_attn\\.out_proj\\.(\\w+)", "blocks.$1.attn.proj.$2")
            .rename(layer + "mlp\\.fc([12])\\.(\\w+)", "blocks.$1.mlp.fc$2.$3");
    return packed(timm, layer + "self_attn\\.%s_proj\\.(\\w+)", "q", "k", "v")
        .besides("head\\.weight")
        .zero("head.bias");
  }

  private static NameDialect clipOfOpenAi() {
    String embeddings = "vision_model\\.embeddings\\.";
    String layer = "vision_model\\.encoder\\.layers\\.(\\d+)\\.";
    String block = "visual.transformer.resblocks.$1.";
    NameDialect original =
        NameDialect.of("openai/CLIP or open_clip")
            .rename(embeddings + "class_embedding", "visual.class_embedding")
            .rename(embeddings + "position_embedding\\.weight", "visual.positional_embedding")
            .rename(embeddings + "patch_embedding\\.weight", "visual.conv1.weight")
            .rename("vision_model\\.pre_layrnorm\\.(\\w+)", "visual.ln_pre.$1")
            .rename("vision_model\\.post_layernorm\\.(\\w+)", "visual.ln_post.$1")
            .rename("visual_projection\\.weight", "visual.proj", Arrangement.TRANSPOSED)
            .rename(layer + "layer_norm([12])\\.(\\w+)", block + "ln_$2.$3")
            .rename(layer + "self_attn\\.out_proj\\.(\\w+)", block + "attn.out_proj.$2")
            .rename(layer + "mlp\\.fc1\\.(\\w+)", block + "mlp.c_fc.$2")
            .rename(layer + "mlp\\.fc2\\.(\\w+)", block + "mlp.c_proj.$2");
    String in = block + "attn.in_proj_$2";
    String from = layer + "self_attn\\.%s_proj\\.(\\w+)";
    return original
        .rename(from.formatted("q"), in, Arrangement.QUERY_ROWS)
        .rename(from.formatted("k"), in, Arrangement.KEY_ROWS)
        .rename(from.formatted("v"), in, Arrangement.VALUE_ROWS)
        .besides(
            "visual\\.proj",
            "positional_embedding",
            "transformer\\..*",
            "token_embedding\\..*",
            "ln_final\\..*",
            "text_projection",
            "logit_scale",
            "logit_bias",
            "input_resolution",
            "context_length",
            "vocab_size");
  }

  /** Hugging Face; timm, which has the names of the original repository. */
  static List<NameDialect> dinov2() {
    String layer = "encoder\\.layer\\.(\\d+)\\.";
    NameDialect timm =
        NameDialect.of("facebookresearch/dinov2 or timm")
            .rename("embeddings\\.cls_token", "cls_token")
            .rename("embeddings\\.position_embeddings", "pos_embed")
            .rename("embeddings\\.patch_embeddings\\.projection\\.(\\w+)", "patch_embed.proj.$1")
            .rename(layer + "norm([12])\\.(\\w+)", "blocks.$1.norm$2.$3")
            .rename(layer + "attention\\.output\\.dense\\.(\\w+)", "blocks.$1.attn.proj.$2")
            .rename(layer + "layer_scale([12])\\.lambda1", "blocks.$1.ls$2.gamma")
            .rename(layer + "mlp\\.fc([12])\\.(\\w+)", "blocks.$1.mlp.fc$2.$3")
            .rename("layernorm\\.(\\w+)", "norm.$1")
            .besides("mask_token", "head\\..*");
    String packed = layer + "attention\\.attention\\.%s\\.(\\w+)";
    return List.of(
        NameDialect.of("Hugging Face").besides("embeddings\\.mask_token", "classifier\\..*"),
        packed(timm, packed, "query", "key", "value"));
  }

  private static NameDialect packed(
      NameDialect timm, String graph, String query, String key, String value) {
    String file = "blocks.$1.attn.qkv.$2";
    return timm.rename(graph.formatted(query), file, Arrangement.QUERY_ROWS)
        .rename(graph.formatted(key), file, Arrangement.KEY_ROWS)
        .rename(graph.formatted(value), file, Arrangement.VALUE_ROWS);
  }
}
