package dev.likeness.trainer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.training.finetune.spec.Device;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainerConfigTest {

  static TrainerConfig config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .withSources(new PropertiesConfigSource(values, "test", 100))
        .withConverter(Duration.class, 100, new DurationConverter())
        .withConverter(MemorySize.class, 100, new MemorySizeConverter())
        .withMapping(TrainerConfig.class)
        .build()
        .getConfigMapping(TrainerConfig.class);
  }

  @Test
  void hasTheDefaultsThatAreDocumented() {
    TrainerConfig config = config(Map.of());
    assertThat(config.store().url()).isEmpty();
    assertThat(config.store().user()).isEmpty();
    assertThat(config.store().password()).isEmpty();
    assertThat(config.store().connections()).isEqualTo(8);
    assertThat(config.worker().threads()).isEqualTo(1);
    assertThat(config.worker().lease()).isEqualTo(Duration.ofSeconds(15));
    assertThat(config.worker().heartbeat()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.worker().poll()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.worker().maxAttempts()).isEqualTo(10);
    assertThat(config.worker().shutdownGrace()).isEqualTo(Duration.ofSeconds(8));
    assertThat(config.embedder().maxInFlight()).isEqualTo(32);
    assertThat(config.embedder().patience()).isEqualTo(Duration.ofMinutes(5));
    assertThat(config.embedder().answerTimeout()).isEqualTo(Duration.ofMinutes(2));
    assertThat(config.embedder().retryDelay()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.pca().maxImages()).isEqualTo(20_000);
    assertThat(config.pca().maxImageNotes()).isEqualTo(20);
    assertThat(config.fineTune().threads()).isEmpty();
    assertThat(config.fineTune().imageCache()).isEmpty();
    assertThat(config.policy().minNewImages()).isEqualTo(50);
    assertThat(config.policy().coolDown()).isEqualTo(Duration.ofHours(1));
    assertThat(config.policy().poll()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.events().partitions()).isEqualTo(3);
    assertThat(config.events().replication()).isEqualTo((short) 1);
    assertThat(config.events().poll()).isEqualTo(Duration.ofMillis(250));
    assertThat(config.events().maxBackoff()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.device()).isEqualTo(Device.AUTO);
    assertThat(config(Map.of("likeness.trainer.device", "cpu")).device()).isEqualTo(Device.CPU);
    assertThat(config.watchInterval()).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void refusesAKeyThatDoesNotExist() {
    assertThatThrownBy(() -> config(Map.of("likeness.trainer.worker.thread", "2")))
        .isInstanceOf(ConfigValidationException.class)
        .hasMessageContaining("likeness.trainer.worker.thread");
  }
}
