package dev.likeness.embedder.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbedderConfigTest {

  @Test
  void hasTheseDefaults() {
    EmbedderConfig config = read(Map.of());

    assertThat(config.batching().queueCapacity()).isEqualTo(256);
    assertThat(config.batching().maxBatch()).isEqualTo(1);
    assertThat(config.batching().maxDelay()).isZero();
    assertThat(config.decoding().threads()).isEmpty();
    assertThat(config.decoding().maxBytes().asLongValue()).isEqualTo(32L << 20);
    assertThat(config.decoding().maxSide()).isEqualTo(32_768);
    assertThat(config.decoding().maxPixels()).isEqualTo(100_000_000);
    assertThat(config.inference().threads()).isEmpty();
    assertThat(config.inference().intraOpThreads()).isEqualTo(1);
    assertThat(config.stream().window()).isEqualTo(32);
    assertThat(config.stream().windowBytes().asLongValue()).isEqualTo(16L << 20);
    assertThat(config.refreshInterval()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.shutdownTimeout()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void misspeltKeyIsNotIgnored() {
    assertThatThrownBy(() -> read(Map.of("likeness.embedder.batching.max-bach", "8")))
        .hasMessageContaining("max-bach");
  }

  private static EmbedderConfig read(Map<String, String> settings) {
    return new SmallRyeConfigBuilder()
        .withMapping(EmbedderConfig.class)
        .withConverter(Duration.class, 300, new DurationConverter())
        .withConverter(MemorySize.class, 300, new MemorySizeConverter())
        .withSources(new PropertiesConfigSource(settings, "test", 500))
        .build()
        .getConfigMapping(EmbedderConfig.class);
  }
}
