package dev.likeness.index.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.likeness.index.kernel.KernelChoice;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IndexConfigTest {

  @Test
  void hasTheseKeysAndDefaults() {
    IndexConfig config = configOf(Map.of());
    assertThat(config.directory()).isEmpty();
    assertThat(config.kernel()).isEqualTo(KernelChoice.AUTO);
    assertThat(config.memoryLimit().asLongValue()).isEqualTo(8L << 30);
    assertThat(config.search().threads()).isEmpty();
    assertThat(config.search().queueCapacity()).isEqualTo(256);
    assertThat(config.engine()).isEqualTo(IndexConfig.Engine.LOCAL);
    assertThat(config.opensearch().url()).hasToString("[http://127.0.0.1:9200]");
    assertThat(config.opensearch().user()).isEmpty();
    assertThat(config.opensearch().password()).isEmpty();
    assertThat(config.opensearch().prefix()).isEqualTo("likeness");
    assertThat(config.opensearch().shards()).isEqualTo(1);
    assertThat(config.opensearch().replicas()).isEqualTo(1);
    assertThat(config.opensearch().search()).isEqualTo(IndexConfig.OpenSearch.SearchMethod.EXACT);
    assertThat(config.opensearch().candidates()).isEqualTo(100);
    assertThat(config.opensearch().timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.storage().sealSize().asLongValue()).isEqualTo(128L << 20);
    assertThat(config.storage().threads()).isEqualTo(1);
    assertThat(config.graph().links()).isEqualTo(32);
    assertThat(config.graph().beamWidth()).isEqualTo(100);
    assertThat(config.graph().threads()).isEqualTo(1);
    assertThat(config.graph().autoSize()).isEqualTo(200_000);
  }

  @Test
  void readsItsKeys() {
    IndexConfig config =
        configOf(
            Map.of(
                "likeness.index.directory", "/data",
                "likeness.index.kernel", "scalar",
                "likeness.index.memory-limit", "64M",
                "likeness.index.search.threads", "3",
                "likeness.index.search.queue-capacity", "7",
                "likeness.index.storage.seal-size", "1M",
                "likeness.index.storage.threads", "2",
                "likeness.index.graph.links", "16",
                "likeness.index.graph.auto-size", "5000"));
    assertThat(config.directory()).hasToString("Optional[/data]");
    assertThat(config.kernel()).isEqualTo(KernelChoice.SCALAR);
    assertThat(config.memoryLimit().asLongValue()).isEqualTo(64L << 20);
    assertThat(config.search().threads()).hasValue(3);
    assertThat(config.search().queueCapacity()).isEqualTo(7);
    assertThat(config.storage().sealSize().asLongValue()).isEqualTo(1L << 20);
    assertThat(config.storage().threads()).isEqualTo(2);
    assertThat(config.graph().links()).isEqualTo(16);
    assertThat(config.graph().autoSize()).isEqualTo(5000);
  }

  @Test
  void readsTheKeysOfTheCluster() {
    IndexConfig config =
        configOf(
            Map.of(
                "likeness.index.engine", "opensearch",
                "likeness.index.opensearch.url", "https://a:9200,https://b:9200",
                "likeness.index.opensearch.user", "likeness",
                "likeness.index.opensearch.search", "graph"));
    assertThat(config.engine()).isEqualTo(IndexConfig.Engine.OPENSEARCH);
    assertThat(config.opensearch().url()).hasSize(2);
    assertThat(config.opensearch().user()).contains("likeness");
    assertThat(config.opensearch().search()).isEqualTo(IndexConfig.OpenSearch.SearchMethod.GRAPH);
  }

  @Test
  void theKernelOfJavaLoadsNoNativeCode() {
    IndexConfig config = configOf(Map.of("likeness.index.kernel", "java"));
    assertThat(config.kernel().kernel(() -> fail("asked to load")).product()).isEmpty();
  }

  @Test
  void refusesAMisspeltKey() {
    assertThatThrownBy(() -> configOf(Map.of("likeness.index.kernl", "scalar")))
        .isInstanceOf(ConfigValidationException.class)
        .hasMessageContaining("likeness.index.kernl");
  }

  private static IndexConfig configOf(Map<String, String> values) {
    SmallRyeConfig config =
        new SmallRyeConfigBuilder()
            .withMapping(IndexConfig.class)
            .withConverter(
                io.quarkus.runtime.configuration.MemorySize.class, 100, new MemorySizeConverter())
            .withConverter(Duration.class, 100, new DurationConverter())
            .withSources(new PropertiesConfigSource(values, "test", 500))
            .withValidateUnknown(true)
            .build();
    return config.getConfigMapping(IndexConfig.class);
  }
}
