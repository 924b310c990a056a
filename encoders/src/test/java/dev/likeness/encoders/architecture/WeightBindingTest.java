package dev.likeness.encoders.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.encoders.checkpoint.Checkpoint;
import dev.likeness.encoders.checkpoint.CheckpointException;
import dev.likeness.encoders.checkpoint.CheckpointFiles;
import dev.likeness.encoders.checkpoint.CheckpointReader;
import dev.likeness.encoders.checkpoint.TensorType;
import dev.likeness.encoders.checkpoint.TestTensor;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.ResizeFilter;
import dev.likeness.encoders.store.Pooling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks of a few kilobytes under the names of every library. */
class WeightBindingTest {

  private static final FormulaWeights FORMULA = new FormulaWeights(1);

  private static final Architecture CLIP =
      architecture(
          new ClipVisionTower(4, 2, 2, 4, 8, 6),
          List.of(Pooling.NONE, Pooling.CLS),
          HuggingFaceNames.clip());
  private static final Architecture DINO =
      architecture(new Dinov2(4, 2, 2, 4, 8), List.of(Pooling.CLS), HuggingFaceNames.dinov2());
  private static final Architecture VIT =
      architecture(
          new VisionTransformer(4, 2, 2, 4, 8),
          List.of(Pooling.CLS),
          TorchvisionNames.visionTransformer());
  private static final Architecture RESNET =
      architecture(
          new ResidualNetwork(false, List.of(1)),
          List.of(Pooling.GAP),
          TorchvisionNames.residual());

  @TempDir Path folder;

  @Test
  void readsItsOwnNamesAndNamesWhatItSkips() throws IOException {
    // Given
    SequencedMap<String, TestTensor> tensors = ownNames(CLIP);
    tensors.put("text_model.final_layer_norm.weight", someTensor());
    tensors.put("text_projection.weight", someTensor());
    tensors.put("logit_scale", someTensor());
    tensors.put(
        "vision_model.embeddings.position_ids", TestTensor.of(TensorType.I64, List.of(1L), 0));

    // Then
    assertBound(
        CLIP,
        tensors,
        "Hugging Face",
        "text_model.final_layer_norm.weight",
        "text_projection.weight",
        "logit_scale",
        "vision_model.embeddings.position_ids");
  }

  @Test
  void readsClipUnderTimmsNames() throws IOException {
    assertBound(CLIP, timmClip().other("head.bias", 0, 0, 0).tensors(), "timm", "head.bias");
  }

  @Test
  void refusesAProjectionBiasThatTheNetworkHasNoPlaceFor() {
    assertRefused(CLIP, timmClip().other("head.bias", 0, 1e-3f).tensors(), "head.bias is not zero");
  }

  @Test
  void readsClipUnderTheOriginalNames() throws IOException {
    ForeignNames original = new ForeignNames(FORMULA);
    String embeddings = "vision_model.embeddings.";
    original
        .put("visual.class_embedding", embeddings + "class_embedding", 4L)
        .put("visual.positional_embedding", embeddings + "position_embedding.weight", 5L, 4L)
        .put("visual.conv1.weight", embeddings + "patch_embedding.weight", 4L, 3L, 4L, 4L)
        .norm("visual.ln_pre", "vision_model.pre_layrnorm", 4)
        .norm("visual.ln_post", "vision_model.post_layernorm", 4)
        .transposed("visual.proj", "visual_projection.weight", 6, 4);
    for (int layer = 0; layer < 2; layer++) {
      String file = "visual.transformer.resblocks." + layer;
      String graph = "vision_model.encoder.layers." + layer;
      String attention = graph + ".self_attn.";
      original
          .norm(file + ".ln_1", graph + ".layer_norm1", 4)
          .norm(file + ".ln_2", graph + ".layer_norm2", 4)
          .packed(
              file + ".attn.in_proj_weight",
              file + ".attn.in_proj_bias",
              attention + "q_proj",
              attention + "k_proj",
              attention + "v_proj",
              4)
          .linear(file + ".attn.out_proj", attention + "out_proj", 4, 4)
          .linear(file + ".mlp.c_fc", graph + ".mlp.fc1", 16, 4)
          .linear(file + ".mlp.c_proj", graph + ".mlp.fc2", 4, 16);
    }
    original
        .other("positional_embedding", 1)
        .other("transformer.resblocks.0.ln_1.weight", 1)
        .other("token_embedding.weight", 1)
        .other("text_projection", 1)
        .other("logit_scale", 1);
    assertBound(
        CLIP,
        original.tensors(),
        "openai/CLIP or open_clip",
        "positional_embedding",
        "transformer.resblocks.0.ln_1.weight",
        "token_embedding.weight",
        "text_projection",
        "logit_scale");
  }

  @Test
  void readsDinov2UnderTheOriginalNames() throws IOException {
    ForeignNames original = new ForeignNames(FORMULA);
    original
        .put("cls_token", "embeddings.cls_token", 1L, 1L, 4L)
        .put("pos_embed", "embeddings.position_embeddings", 1L, 5L, 4L)
        .put(
            "patch_embed.proj.weight",
            "embeddings.patch_embeddings.projection.weight",
            4L,
            3L,
            4L,
            4L)
        .put("patch_embed.proj.bias", "embeddings.patch_embeddings.projection.bias", 4L)
        .norm("norm", "layernorm", 4)
        .other("mask_token", 1);
    for (int layer = 0; layer < 2; layer++) {
      String file = "blocks." + layer;
      String graph = "encoder.layer." + layer;
      String attention = graph + ".attention.attention.";
      original
          .norm(file + ".norm1", graph + ".norm1", 4)
          .norm(file + ".norm2", graph + ".norm2", 4)
          .packed(
              file + ".attn.qkv.weight",
              file + ".attn.qkv.bias",
              attention + "query",
              attention + "key",
              attention + "value",
              4)
          .linear(file + ".attn.proj", graph + ".attention.output.dense", 4, 4)
          .put(file + ".ls1.gamma", graph + ".layer_scale1.lambda1", 4L)
          .put(file + ".ls2.gamma", graph + ".layer_scale2.lambda1", 4L)
          .linear(file + ".mlp.fc1", graph + ".mlp.fc1", 16, 4)
          .linear(file + ".mlp.fc2", graph + ".mlp.fc2", 4, 16);
    }
    assertBound(DINO, original.tensors(), "facebookresearch/dinov2 or timm", "mask_token");
  }

  @Test
  void readsVitUnderTimmsNames() throws IOException {
    assertBound(VIT, timmVit().other("head.weight", 1).tensors(), "timm", "head.weight");
  }

  @Test
  void refusesANetworkThatHasMoreThanTheGraph() {
    // Given: a ViT with layer scale, whose other tensors all fit
    assertRefused(
        VIT,
        timmVit().other("blocks.0.ls1.gamma", 1, 1, 1, 1).tensors(),
        "of another network (1): blocks.0.ls1.gamma");
  }

  @Test
  void readsVitUnderBothSpellingsOfTorchvision() throws IOException {
    SequencedMap<String, TestTensor> published = ownNames(VIT);
    published.put("heads.head.weight", someTensor());
    assertBound(VIT, published, "torchvision", "heads.head.weight");
    SequencedMap<String, TestTensor> modules = new LinkedHashMap<>();
    published.forEach(
        (name, tensor) ->
            modules.put(
                name.replace("mlp.linear_1", "mlp.0").replace("mlp.linear_2", "mlp.3"), tensor));
    assertBound(VIT, modules, "torchvision 0.13 and later", "heads.head.weight");
  }

  @Test
  void readsEfficientNetUnderTimmsNames() throws IOException {
    // Given: the real table, because the expansion shifts names from stage to stage
    Architecture efficientNet = ArchitectureCatalog.require("efficientnet-b0");
    FormulaWeights formula = EncoderFixture.of("efficientnet-b0").weights();
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    for (TensorSpec weight : efficientNet.build().weights()) {
      tensors.put(
          timmEfficientNet(weight.name()),
          TestTensor.of(TensorType.F32, weight.shape(), () -> formula.values(weight)));
    }
    assertThat(tensors)
        .containsKeys(
            "conv_stem.weight",
            "blocks.0.0.conv_pw.weight",
            "blocks.6.0.conv_pwl.weight",
            "blocks.3.2.se.conv_expand.bias",
            "conv_head.weight",
            "bn2.running_var");
    tensors.put("classifier.weight", someTensor());

    // Then
    assertBound(efficientNet, formula, tensors, "timm", "classifier.weight");
  }

  @Test
  void readsATowerInsideALargerModel() throws IOException {
    SequencedMap<String, TestTensor> inside = new LinkedHashMap<>();
    ownNames(DINO).forEach((name, tensor) -> inside.put("dinov2." + name, tensor));
    inside.put("classifier.weight", someTensor());
    assertBound(DINO, inside, "Hugging Face", "classifier.weight");
  }

  @Test
  void listsMissingAndWronglyShapedTensorsTogether() {
    SequencedMap<String, TestTensor> tensors = ownNames(RESNET);
    tensors.remove("bn1.bias");
    tensors.remove("layer1.0.conv2.weight");
    tensors.put("bn1.weight", TestTensor.of(TensorType.F32, List.of(3L), 1, 2, 3));
    tensors.put("bn1.running_var", TestTensor.of(TensorType.I64, List.of(64L), new float[64]));
    tensors.put("layer1.0.bn1.num_batches_tracked", someTensor());
    tensors.put("layer1.0.se.weight", someTensor());
    assertRefused(
        RESNET,
        tensors,
        "missing (2): bn1.bias, layer1.0.conv2.weight;"
            + " wrong (2): bn1.weight is [3], expected [64], bn1.running_var holds I64,"
            + " not floating point; of another network (1): layer1.0.se.weight");
  }

  @Test
  void refusesAMatrixThatIsTransposed() {
    SequencedMap<String, TestTensor> tensors = ownNames(CLIP);
    tensors.put(
        "visual_projection.weight", TestTensor.of(TensorType.F32, List.of(4L, 6L), new float[24]));
    assertRefused(CLIP, tensors, "visual_projection.weight is [4, 6], expected [6, 4]");
  }

  @Test
  void refusesAFileOfSomethingElse() {
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    tensors.put("decoder.weight", someTensor());
    assertRefused(RESNET, tensors, "holds no tensor of small; it begins with decoder.weight");
  }

  @Test
  void needsNoProjectionWhenTheGraphHasNone() throws IOException {
    Network network =
        CLIP.build(new NetworkOptions(InputSize.square(8), Pooling.CLS, PositionRule.TO_SIZE));
    Path file = CheckpointFiles.safetensors(folder.resolve("x"), ownNames(CLIP));
    try (Checkpoint checkpoint = CheckpointReader.open(file)) {
      assertThat(WeightBinding.bind(CLIP, network, checkpoint).skipped())
          .containsExactly("visual_projection.weight");
    }
  }

  private static ForeignNames timmClip() {
    ForeignNames timm = new ForeignNames(FORMULA);
    String embeddings = "vision_model.embeddings.";
    timm.put("cls_token", spec(embeddings + "class_embedding", 4L), 1L, 1L, 4L)
        .put("pos_embed", spec(embeddings + "position_embedding.weight", 5L, 4L), 1L, 5L, 4L)
        .put("patch_embed.proj.weight", embeddings + "patch_embedding.weight", 4L, 3L, 4L, 4L)
        .norm("norm_pre", "vision_model.pre_layrnorm", 4)
        .norm("norm", "vision_model.post_layernorm", 4)
        .put("head.weight", "visual_projection.weight", 6L, 4L);
    for (int layer = 0; layer < 2; layer++) {
      String graph = "vision_model.encoder.layers." + layer;
      String attention = graph + ".self_attn.";
      timmBlock(timm, layer, graph + ".layer_norm")
          .packed(
              "blocks.%d.attn.qkv.weight".formatted(layer),
              "blocks.%d.attn.qkv.bias".formatted(layer),
              attention + "q_proj",
              attention + "k_proj",
              attention + "v_proj",
              4)
          .linear("blocks.%d.attn.proj".formatted(layer), attention + "out_proj", 4, 4)
          .linear("blocks.%d.mlp.fc1".formatted(layer), graph + ".mlp.fc1", 16, 4)
          .linear("blocks.%d.mlp.fc2".formatted(layer), graph + ".mlp.fc2", 4, 16);
    }
    return timm;
  }

  private static ForeignNames timmVit() {
    ForeignNames timm = new ForeignNames(FORMULA);
    timm.put("cls_token", "class_token", 1L, 1L, 4L)
        .put("pos_embed", "encoder.pos_embedding", 1L, 5L, 4L)
        .put("patch_embed.proj.weight", "conv_proj.weight", 4L, 3L, 4L, 4L)
        .put("patch_embed.proj.bias", "conv_proj.bias", 4L)
        .norm("norm", "encoder.ln", 4);
    for (int layer = 0; layer < 2; layer++) {
      String graph = "encoder.layers.encoder_layer_" + layer;
      String file = "blocks." + layer;
      timmBlock(timm, layer, graph + ".ln_")
          .put(file + ".attn.qkv.weight", graph + ".self_attention.in_proj_weight", 12L, 4L)
          .put(file + ".attn.qkv.bias", graph + ".self_attention.in_proj_bias", 12L)
          .linear(file + ".attn.proj", graph + ".self_attention.out_proj", 4, 4)
          .linear(file + ".mlp.fc1", graph + ".mlp.linear_1", 16, 4)
          .linear(file + ".mlp.fc2", graph + ".mlp.linear_2", 4, 16);
    }
    return timm;
  }

  private static ForeignNames timmBlock(ForeignNames timm, int layer, String norms) {
    return timm.norm("blocks.%d.norm1".formatted(layer), norms + "1", 4)
        .norm("blocks.%d.norm2".formatted(layer), norms + "2", 4);
  }

  /** The table of names, read the other way round. */
  private static String timmEfficientNet(String name) {
    if (name.startsWith("features.0.") || name.startsWith("features.8.")) {
      String stem = name.startsWith("features.0.") ? "conv_stem" : "conv_head";
      String norm = name.startsWith("features.0.") ? "bn1" : "bn2";
      String rest = name.substring("features.0.".length());
      return rest.startsWith("0.") ? stem + rest.substring(1) : norm + rest.substring(1);
    }
    String[] parts = name.split("\\.", 6);
    int stage = Integer.parseInt(parts[1]) - 1;
    int block = Integer.parseInt(parts[4]) + (stage == 0 ? 1 : 0);
    String rest = parts[5];
    String inner =
        switch (block) {
          case 0 -> convolutionOrNorm(rest, "conv_pw", "bn1");
          case 1 -> convolutionOrNorm(rest, "conv_dw", stage == 0 ? "bn1" : "bn2");
          case 2 -> "se." + rest.replace("fc1", "conv_reduce").replace("fc2", "conv_expand");
          default ->
              convolutionOrNorm(
                  rest, stage == 0 ? "conv_pw" : "conv_pwl", stage == 0 ? "bn2" : "bn3");
        };
    return "blocks.%d.%s.%s".formatted(stage, parts[2], inner);
  }

  private static String convolutionOrNorm(String rest, String convolution, String norm) {
    return (rest.startsWith("0.") ? convolution : norm) + rest.substring(1);
  }

  private static SequencedMap<String, TestTensor> ownNames(Architecture architecture) {
    SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();
    for (TensorSpec weight : architecture.build().weights()) {
      tensors.put(
          weight.name(),
          TestTensor.of(TensorType.F32, weight.shape(), () -> FORMULA.values(weight)));
    }
    return tensors;
  }

  private void assertBound(
      Architecture architecture,
      SequencedMap<String, TestTensor> tensors,
      String dialect,
      String... skipped)
      throws IOException {
    assertBound(architecture, FORMULA, tensors, dialect, skipped);
  }

  private void assertBound(
      Architecture architecture,
      WeightValues expected,
      SequencedMap<String, TestTensor> tensors,
      String dialect,
      String... skipped)
      throws IOException {
    Network network = architecture.build();
    Path file = CheckpointFiles.safetensors(folder.resolve("weights"), tensors);
    try (Checkpoint checkpoint = CheckpointReader.open(file)) {
      WeightBinding binding = WeightBinding.bind(architecture, network, checkpoint);
      assertThat(binding.dialect()).isEqualTo(dialect);
      assertThat(binding.skipped()).containsExactly(skipped);
      for (TensorSpec weight : network.weights()) {
        assertThat(binding.values(weight)).as(weight.name()).isEqualTo(expected.values(weight));
      }
    }
  }

  private void assertRefused(
      Architecture architecture, SequencedMap<String, TestTensor> tensors, String message) {
    assertThatThrownBy(() -> assertBound(architecture, tensors, "any"))
        .isInstanceOf(CheckpointException.class)
        .hasMessageContaining(message);
  }

  private static TestTensor someTensor() {
    return TestTensor.of(TensorType.F32, List.of(1L), 1f);
  }

  private static TensorSpec spec(String name, Long... shape) {
    return new TensorSpec(name, List.of(shape));
  }

  private static Architecture architecture(
      Backbone backbone, List<Pooling> poolings, List<NameDialect> dialects) {
    PreprocessSpec preprocess =
        PreprocessSpec.of(
            8, 8, ResizeFilter.BILINEAR, PreprocessSpec.IMAGENET_MEAN, PreprocessSpec.IMAGENET_STD);
    return new Architecture("small", backbone, preprocess, poolings, dialects);
  }
}
