package dev.likeness.encoders.pull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;

/** Where the weights of an encoder are published. */
public sealed interface WeightSource {

  /** The addresses to ask, the preferred one first; others are asked when it is not there. */
  List<URI> addresses(DownloadSettings settings);

  /**
   * Whether the publisher's own statement of the hash says that a file is the one published here.
   */
  default boolean published(String sha256) {
    return false;
  }

  /**
   * A repository of Hugging Face.
   *
   * @param repository such as {@code openai/clip-vit-base-patch32}
   */
  record HuggingFace(String repository) implements WeightSource {

    private static final List<String> FILES = List.of("model.safetensors", "pytorch_model.bin");

    @Override
    public List<URI> addresses(DownloadSettings settings) {
      return FILES.stream()
          .map(file -> settings.huggingFace().resolve(repository + "/resolve/main/" + file))
          .toList();
    }
  }

  /**
   * A file of torchvision; its name carries the first eight digits of its SHA-256.
   *
   * @param file such as {@code resnet50-0676ba61.pth}
   */
  record Torchvision(String file) implements WeightSource {

    @Override
    public List<URI> addresses(DownloadSettings settings) {
      return List.of(settings.torchvision().resolve(file));
    }

    @Override
    public boolean published(String sha256) {
      return ExpectedHash.ofFileName(file).filter(hash -> hash.matches(sha256)).isPresent();
    }
  }

  /** Any address. */
  record Address(URI address) implements WeightSource {

    public Address {
      if (!WebAddress.isWeb(address) || address.getHost() == null) {
        throw new IllegalArgumentException(
            "weights are fetched by http or https, got '%s'".formatted(address));
      }
    }

    /**
     * @throws IllegalArgumentException if it is no http or https address
     */
    public static Address parse(String text) {
      try {
        return new Address(new URI(text));
      } catch (URISyntaxException malformed) {
        throw new IllegalArgumentException(
            "'%s' is no address: %s at character %d"
                .formatted(text, malformed.getReason(), malformed.getIndex() + 1),
            malformed);
      }
    }

    @Override
    public List<URI> addresses(DownloadSettings settings) {
      return List.of(address);
    }
  }
}
