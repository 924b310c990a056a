package dev.likeness.training.finetune.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FineTuneSpecTest {

  @ParameterizedTest
  @ValueSource(strings = {"head", "last:1", "last:12", "all"})
  void scopesReadWhatTheyWrite(String text) {
    assertThat(TrainedScope.parse(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Head", "last", "last:0", "last:-1", "last:99999", "everything"})
  void refusesOtherScopes(String text) {
    assertThatThrownBy(() -> TrainedScope.parse(text)).hasMessageContaining("head, last:N, all");
  }

  @Test
  void objectivesReadWhatTheyWrite() {
    for (Objective objective : Objective.values()) {
      assertThat(Objective.parse(objective.text())).isEqualTo(objective);
    }
    assertThatThrownBy(() -> Objective.parse("mse")).hasMessageContaining("ce, supcon, ce+supcon");
  }

  @Test
  void batchesOfASizeHaveFourOfAClass() {
    assertThat(BatchShape.ofSize(32)).isEqualTo(new BatchShape(8, 4));
    assertThat(BatchShape.ofSize(4)).isEqualTo(new BatchShape(2, 2));
    assertThatThrownBy(() -> new BatchShape(1, 4)).hasMessageContaining("at least 2 classes");
  }

  @Test
  void refusesValuesOutOfRange() {
    Optimization how = Optimization.defaults();
    assertThatThrownBy(() -> how.withLearningRate(0)).hasMessageContaining("learning rate");
    assertThatThrownBy(() -> how.withLearningRate(Double.NaN)).hasMessageContaining("NaN");
    assertThatThrownBy(() -> how.withAccumulation(0)).hasMessageContaining("accumulation");
    assertThatThrownBy(() -> new HeadSpec(0, 0, true)).hasMessageContaining("1 dimension");
    assertThatThrownBy(() -> new Averaging(1, true)).hasMessageContaining("EMA");
    assertThatThrownBy(() -> Device.parse("tpu")).hasMessageContaining("auto, cpu, cuda");
    FineTuneSpec spec = FineTuneSpec.of(new TrainedScope.All());
    assertThatThrownBy(() -> spec.withEpochs(0)).hasMessageContaining("epochs");
  }
}
