package dev.likeness.encoders.pull;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Where weights are fetched from and kept.
 *
 * @param huggingFace base of Hugging Face or a mirror of it, ends with '/'
 * @param huggingFaceToken sent to that base only, never to where it redirects
 * @param torchvision base of torchvision's files or a mirror, ends with '/'
 * @param cache folder of downloaded files; created when needed
 * @param stall a connection that gives nothing for as long is dropped and resumed
 * @param attempts without any new byte before the download is given up, at least 1
 * @param pause before the second attempt; doubled each time
 */
public record DownloadSettings(
    URI huggingFace,
    Optional<String> huggingFaceToken,
    URI torchvision,
    Path cache,
    Duration stall,
    int attempts,
    Duration pause) {

  private static final String HUGGING_FACE = "https://huggingface.co/";
  private static final String TORCHVISION = "https://download.pytorch.org/models/";

  public DownloadSettings {
    huggingFace = withSlash(huggingFace);
    torchvision = withSlash(torchvision);
    if (attempts < 1 || stall.isNegative() || stall.isZero() || pause.isNegative()) {
      throw new IllegalArgumentException(
          "a download needs at least 1 attempt, a positive stall and a pause, got %d, %s, %s"
              .formatted(attempts, stall, pause));
    }
  }

  /**
   * Reads HF_ENDPOINT, HF_TOKEN, TORCHVISION_ENDPOINT, LIKENESS_CACHE, XDG_CACHE_HOME and HOME.
   *
   * @throws IllegalArgumentException if an address is none
   */
  public static DownloadSettings of(Map<String, String> environment) {
    return new DownloadSettings(
        address(environment, "HF_ENDPOINT", HUGGING_FACE),
        value(environment, "HF_TOKEN"),
        address(environment, "TORCHVISION_ENDPOINT", TORCHVISION),
        cache(environment),
        Duration.ofSeconds(60),
        6,
        Duration.ofSeconds(1));
  }

  private static Path cache(Map<String, String> environment) {
    Optional<String> own = value(environment, "LIKENESS_CACHE");
    if (own.isPresent()) {
      return Path.of(own.get());
    }
    Path base =
        value(environment, "XDG_CACHE_HOME")
            .map(Path::of)
            .orElseGet(() -> Path.of(value(environment, "HOME").orElse("."), ".cache"));
    return base.resolve("likeness");
  }

  private static URI address(Map<String, String> environment, String name, String usual) {
    String text = value(environment, name).orElse(usual);
    try {
      URI address = URI.create(text);
      if (address.getHost() != null && WebAddress.isWeb(address)) {
        return address;
      }
    } catch (IllegalArgumentException malformed) {
      // reported below
    }
    throw new IllegalArgumentException(
        "%s is an address such as %s, got '%s'".formatted(name, usual, text));
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  private static URI withSlash(URI base) {
    return base.toString().endsWith("/") ? base : URI.create(base + "/");
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "DownloadSettings[huggingFace=%s, torchvision=%s, cache=%s]"
        .formatted(huggingFace, torchvision, cache);
  }
}
