package dev.likeness.encoders.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DownloadSettingsTest {

  @Test
  void readsTheEnvironment() {
    DownloadSettings settings =
        DownloadSettings.of(
            Map.of(
                "HF_ENDPOINT", "https://mirror.example/hf",
                "HF_TOKEN", "hf_secret",
                "TORCHVISION_ENDPOINT", "http://10.0.0.1:8000/models/",
                "LIKENESS_CACHE", "/data/cache"));
    assertThat(new WeightSource.HuggingFace("facebook/dinov2-base").addresses(settings))
        .containsExactly(
            URI.create(
                "https://mirror.example/hf/facebook/dinov2-base/resolve/main/model.safetensors"),
            URI.create(
                "https://mirror.example/hf/facebook/dinov2-base/resolve/main/pytorch_model.bin"));
    assertThat(new WeightSource.Torchvision("resnet34-b627a593.pth").addresses(settings))
        .containsExactly(URI.create("http://10.0.0.1:8000/models/resnet34-b627a593.pth"));
    assertThat(settings.cache()).isEqualTo(Path.of("/data/cache"));
    assertThat(settings.toString()).doesNotContain("hf_secret");
  }

  @Test
  void hasUsualPlaces() {
    DownloadSettings settings = DownloadSettings.of(Map.of("HOME", "/home/ada"));
    assertThat(settings.cache()).isEqualTo(Path.of("/home/ada/.cache/likeness"));
    assertThat(settings.huggingFaceToken()).isEmpty();
    assertThat(PublishedEncoder.require("resnet50").source().addresses(settings))
        .containsExactly(URI.create("https://download.pytorch.org/models/resnet50-0676ba61.pth"));
  }

  @Test
  void refusesEndpointsThatAreNone() {
    assertThatThrownBy(() -> DownloadSettings.of(Map.of("HF_ENDPOINT", "huggingface.co")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HF_ENDPOINT is an address such as https://huggingface.co/");
  }

  @Test
  void choosesProxiesAsCommandLineToolsDo() {
    EnvironmentProxies proxies =
        new EnvironmentProxies(
            Map.of(
                "https_proxy", "http://proxy.example:3128",
                "HTTP_PROXY", "plain.example",
                "NO_PROXY", "localhost, .inner.example"),
            Optional.empty());
    assertThat(proxies.select(URI.create("https://huggingface.co/x")))
        .containsExactly(proxy("proxy.example", 3128));
    assertThat(proxies.select(URI.create("http://files.example/x")))
        .containsExactly(proxy("plain.example", 80));
    assertThat(proxies.select(URI.create("https://a.inner.example/x")))
        .containsExactly(Proxy.NO_PROXY);
    assertThat(proxies.select(URI.create("http://localhost:80/x"))).containsExactly(Proxy.NO_PROXY);
    assertThatThrownBy(
            () -> new EnvironmentProxies(Map.of("all_proxy", "not a host"), Optional.empty()))
        .hasMessageContaining("http://host:port");
  }

  @Test
  void knowsWhatEveryFileOfTorchvisionWasMadeFor() {
    PublishedEncoder resnet = PublishedEncoder.require("resnet50");
    assertThat(resnet.preprocess("resnet50-0676ba61.pth").resizeShorterSide()).isEqualTo(256);
    assertThat(resnet.preprocess("resnet50-11ad3fa6.pth").resizeShorterSide()).isEqualTo(232);
    assertThat(resnet.preprocess("resnet50-11ad3fa6.pth").cropSize()).isEqualTo(224);
  }

  private static Proxy proxy(String host, int port) {
    return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
  }
}
