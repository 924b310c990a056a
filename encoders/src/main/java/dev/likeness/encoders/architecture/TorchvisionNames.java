package dev.likeness.encoders.architecture;

import java.util.List;

/** The dialects of the networks whose graphs carry torchvision's names. */
final class TorchvisionNames {

  private TorchvisionNames() {}

  /** torchvision's and timm's names are the same. */
  static List<NameDialect> residual() {
    return List.of(NameDialect.of("torchvision or timm").besides("fc\\..*"));
  }

  static List<NameDialect> googLeNet() {
    return List.of(NameDialect.of("torchvision").besides("fc\\..*", "aux[12]\\..*"));
  }

  static List<NameDialect> efficientNet() {
    NameDialect timm =
        NameDialect.of("timm")
            .rename("features\\.0\\.0\\.weight", "conv_stem.weight")
            .rename("features\\.0\\.1\\.(.*)", "bn1.$1")
            .rename("features\\.8\\.0\\.weight", "conv_head.weight")
            .rename("features\\.8\\.1\\.(.*)", "bn2.$1");
    // Stage 0 has no expansion: conv_pw projects there and expands elsewhere.
    timm = convolution(timm, 0, 0, "conv_dw", "bn1");
    timm = squeezeExcitation(timm, 0, 1);
    timm = convolution(timm, 0, 2, "conv_pw", "bn2");
    for (int stage = 1; stage <= 6; stage++) {
      timm = convolution(timm, stage, 0, "conv_pw", "bn1");
      timm = convolution(timm, stage, 1, "conv_dw", "bn2");
      timm = squeezeExcitation(timm, stage, 2);
      timm = convolution(timm, stage, 3, "conv_pwl", "bn3");
    }
    return List.of(
        NameDialect.of("torchvision").besides("classifier\\..*"), timm.besides("classifier\\..*"));
  }

  private static NameDialect convolution(
      NameDialect timm, int stage, int part, String convolution, String norm) {
    String graph = "features\\.%d\\.(\\d+)\\.block\\.%d".formatted(stage + 1, part);
    String file = "blocks.%d.$1.".formatted(stage);
    return timm.rename(graph + "\\.0\\.weight", file + convolution + ".weight")
        .rename(graph + "\\.1\\.(\\w+)", file + norm + ".$2");
  }

  private static NameDialect squeezeExcitation(NameDialect timm, int stage, int part) {
    String graph = "features\\.%d\\.(\\d+)\\.block\\.%d".formatted(stage + 1, part);
    String file = "blocks.%d.$1.se.".formatted(stage);
    return timm.rename(graph + "\\.fc1\\.(\\w+)", file + "conv_reduce.$2")
        .rename(graph + "\\.fc2\\.(\\w+)", file + "conv_expand.$2");
  }

  /** The published file, torchvision since 0.13, and timm. */
  static List<NameDialect> visionTransformer() {
    String layer = "encoder\\.layers\\.encoder_layer_(\\d+)\\.";
    NameDialect modules =
        NameDialect.of("torchvision 0.13 and later")
            .rename("(" + layer + "mlp)\\.linear_1\\.(\\w+)", "$1.0.$3")
            .rename("(" + layer + "mlp)\\.linear_2\\.(\\w+)", "$1.3.$3")
            .besides("heads\\..*");
    NameDialect timm =
        NameDialect.of("timm")
            .rename("class_token", "cls_token")
            .rename("encoder\\.pos_embedding", "pos_embed")
            .rename("conv_proj\\.(\\w+)", "patch_embed.proj.$1")
            .rename(layer + "ln_([12])\\.(\\w+)", "blocks.$1.norm$2.$3")
            .rename(layer + "self_attention\\.in_proj_(\\w+)", "blocks.$1.attn.qkv.$2")
            .rename(layer + "self_attention\\.out_proj\\.(\\w+)", "blocks.$1.attn.proj.$2")
            .rename(layer + "mlp\\.linear_([12])\\.(\\w+)", "blocks.$1.mlp.fc$2.$3")
            .rename("encoder\\.ln\\.(\\w+)", "norm.$1")
            .besides("head\\..*");
    return List.of(NameDialect.of("torchvision").besides("heads\\..*"), modules, timm);
  }
}
