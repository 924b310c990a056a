package dev.likeness.encoders.architecture;

import static dev.likeness.encoders.preprocess.PreprocessSpec.IMAGENET_MEAN;
import static dev.likeness.encoders.preprocess.PreprocessSpec.IMAGENET_STD;

import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.ResizeFilter;
import dev.likeness.encoders.store.Pooling;
import java.util.List;
import java.util.Optional;

/** The networks that can be built by name and filled with published weights. */
public final class ArchitectureCatalog {

  private static final List<Float> CLIP_MEAN = List.of(0.48145466f, 0.4578275f, 0.40821073f);
  private static final List<Float> CLIP_STD = List.of(0.26862954f, 0.26130258f, 0.27577711f);

  private static final List<Pooling> OF_MAPS = List.of(Pooling.GAP, Pooling.GEM);
  private static final List<Pooling> OF_TOKENS = List.of(Pooling.CLS, Pooling.GAP);

  /** Without pooling: the projected class token, which CLIP compares. */
  private static final List<Pooling> OF_CLIP = List.of(Pooling.NONE, Pooling.CLS, Pooling.GAP);

  private static final List<Architecture> ALL =
      List.of(
          clip("clip-vit-b32", new ClipVisionTower(768, 12, 12, 32, 224, 512)),
          clip("clip-vit-b16", new ClipVisionTower(768, 12, 12, 16, 224, 512)),
          clip("clip-vit-l14", new ClipVisionTower(1024, 24, 16, 14, 224, 768)),
          new Architecture(
              "dinov2-base",
              new Dinov2(768, 12, 12, 14, 518),
              imagenet(256, 224, ResizeFilter.BICUBIC),
              OF_TOKENS,
              HuggingFaceNames.dinov2()),
          new Architecture(
              "vit-b16",
              new VisionTransformer(768, 12, 12, 16, 224),
              PreprocessSpec.imagenet(),
              OF_TOKENS,
              TorchvisionNames.visionTransformer()),
          resnet("resnet34", new ResidualNetwork(false, List.of(3, 4, 6, 3))),
          resnet("resnet50", new ResidualNetwork(true, List.of(3, 4, 6, 3))),
          resnet("resnet101", new ResidualNetwork(true, List.of(3, 4, 23, 3))),
          resnet("resnet152", new ResidualNetwork(true, List.of(3, 8, 36, 3))),
          efficientNet("efficientnet-b0", new EfficientNet(1, 1), 256, 224),
          efficientNet("efficientnet-b3", new EfficientNet(1.2, 1.4), 320, 300),
          new Architecture(
              "googlenet",
              new GoogLeNet(),
              PreprocessSpec.imagenet(),
              OF_MAPS,
              TorchvisionNames.googLeNet()));

  private ArchitectureCatalog() {}

  public static List<Architecture> all() {
    return ALL;
  }

  public static Optional<Architecture> find(String name) {
    return ALL.stream().filter(architecture -> architecture.name().equals(name)).findFirst();
  }

  /**
   * @throws IllegalArgumentException if there is none of that name; the message lists those that
   *     are
   */
  public static Architecture require(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no network '%s'; there are %s".formatted(name, ALL)));
  }

  private static Architecture clip(String name, ClipVisionTower tower) {
    PreprocessSpec preprocess =
        PreprocessSpec.of(224, 224, ResizeFilter.BICUBIC, CLIP_MEAN, CLIP_STD);
    return new Architecture(name, tower, preprocess, OF_CLIP, HuggingFaceNames.clip());
  }

  private static Architecture resnet(String name, ResidualNetwork network) {
    return new Architecture(
        name, network, PreprocessSpec.imagenet(), OF_MAPS, TorchvisionNames.residual());
  }

  private static Architecture efficientNet(
      String name, EfficientNet network, int resize, int crop) {
    return new Architecture(
        name,
        network,
        imagenet(resize, crop, ResizeFilter.BICUBIC),
        OF_MAPS,
        TorchvisionNames.efficientNet());
  }

  private static PreprocessSpec imagenet(int resize, int crop, ResizeFilter filter) {
    return PreprocessSpec.of(resize, crop, filter, IMAGENET_MEAN, IMAGENET_STD);
  }
}
