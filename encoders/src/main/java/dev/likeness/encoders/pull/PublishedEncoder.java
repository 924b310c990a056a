package dev.likeness.encoders.pull;

import dev.likeness.encoders.architecture.Architecture;
import dev.likeness.encoders.architecture.ArchitectureCatalog;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An encoder whose weights can be had by name.
 *
 * @param architecture the network; its name is the encoder's
 * @param source where the weights are published
 * @param licence of the weights, as their publisher states it
 */
public record PublishedEncoder(Architecture architecture, WeightSource source, String licence) {

  private static final String TORCHVISION_LICENCE =
      "BSD-3-Clause (torchvision); trained on ImageNet-1k, whose terms apply to its images";

  private static final List<PublishedEncoder> ALL =
      List.of(
          huggingFace("clip-vit-b32", "openai/clip-vit-base-patch32", "MIT (openai/CLIP)"),
          huggingFace("clip-vit-b16", "openai/clip-vit-base-patch16", "MIT (openai/CLIP)"),
          huggingFace("clip-vit-l14", "openai/clip-vit-large-patch14", "MIT (openai/CLIP)"),
          huggingFace("dinov2-base", "facebook/dinov2-base", "Apache-2.0"),
          torchvision("vit-b16", "vit_b_16-c867db91.pth"),
          torchvision("resnet34", "resnet34-b627a593.pth"),
          torchvision("resnet50", "resnet50-0676ba61.pth"),
          torchvision("resnet101", "resnet101-63fe2227.pth"),
          torchvision("resnet152", "resnet152-394f9c45.pth"),
          torchvision("efficientnet-b0", "efficientnet_b0_rwightman-3dd342df.pth"),
          torchvision("efficientnet-b3", "efficientnet_b3_rwightman-cf984f9c.pth"),
          torchvision("googlenet", "googlenet-1378be20.pth"));

  /** Files of torchvision whose shorter side is resized to another length than the usual 256. */
  private static final Map<String, Integer> OTHER_RESIZE =
      Map.of(
          "resnet50-11ad3fa6.pth", 232,
          "resnet101-cd907fc2.pth", 232,
          "resnet152-f82ba261.pth", 232);

  public static List<PublishedEncoder> all() {
    return ALL;
  }

  public static Optional<PublishedEncoder> find(String name) {
    return ALL.stream().filter(encoder -> encoder.name().equals(name)).findFirst();
  }

  /**
   * @throws IllegalArgumentException if there is none; the message lists those that are
   */
  public static PublishedEncoder require(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no encoder '%s' to pull; there are %s"
                        .formatted(name, ALL.stream().map(PublishedEncoder::name).toList())));
  }

  public String name() {
    return architecture.name();
  }

  /** The address that is asked first; without what a mirror's address may hold of secrets. */
  public String address(DownloadSettings settings) {
    return WebAddress.printable(source.addresses(settings).getFirst());
  }

  /** The preprocessing that a file of these weights was made for. */
  public PreprocessSpec preprocess(String fileName) {
    PreprocessSpec usual = architecture.preprocess();
    Integer resize = OTHER_RESIZE.get(fileName);
    return resize == null
        ? usual
        : PreprocessSpec.of(resize, usual.cropSize(), usual.filter(), usual.mean(), usual.std());
  }

  private static PublishedEncoder huggingFace(String name, String repository, String licence) {
    return new PublishedEncoder(
        ArchitectureCatalog.require(name), new WeightSource.HuggingFace(repository), licence);
  }

  private static PublishedEncoder torchvision(String name, String file) {
    return new PublishedEncoder(
        ArchitectureCatalog.require(name), new WeightSource.Torchvision(file), TORCHVISION_LICENCE);
  }
}
