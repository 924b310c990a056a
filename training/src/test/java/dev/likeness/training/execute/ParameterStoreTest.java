package dev.likeness.training.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.TinyNetwork;
import dev.likeness.training.graph.ParameterRole;
import dev.likeness.training.graph.TensorValues;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.Set;
import org.junit.jupiter.api.Test;

@RequiresLibtorch
class ParameterStoreTest {

  private final TrainGraph graph = TinyNetwork.graph();

  @Test
  void exportsThePresentValuesAndNothingElse() {
    try (ParameterStore parameters = ParameterStore.of(graph, FloatType.FLOAT32)) {
      parameters.add("classes", ParameterRole.WEIGHT, new float[] {9}, 1);
      parameters.set(TinyNetwork.WEIGHT, new float[] {5, 6});

      TrainGraph exported = TrainGraph.of(parameters.export());

      assertThat(exported.initializers()).containsOnlyKeys(TinyNetwork.WEIGHT, TinyNetwork.BIAS);
      assertThat(TensorValues.floats(exported.initializers().get(TinyNetwork.WEIGHT)))
          .containsExactly(5, 6);
      assertThat(exported.initializers().get(TinyNetwork.BIAS))
          .isEqualTo(graph.initializers().get(TinyNetwork.BIAS));
    }
  }

  @Test
  void frozenGraphsRecordNothing() {
    try (ParameterStore parameters = ParameterStore.of(graph, FloatType.FLOAT32);
        TorchScope scope = TorchScope.training()) {
      parameters.trainOnly(name -> false);

      var x = Tensors.of(new float[] {1, 1}, new long[] {1, 2}, FloatType.FLOAT32);
      var y = new GraphExecutor(graph, parameters).run(x, Set.of("y"), Mode.TRAIN).get("y");

      assertThat(y.requires_grad()).isFalse();
      assertThat(Tensors.floats(y)).containsExactly(8);
      assertThat(parameters.trainable()).isEmpty();
    }
  }

  @Test
  void namesAreTakenOnce() {
    try (ParameterStore parameters = ParameterStore.of(graph, FloatType.FLOAT32)) {
      assertThatThrownBy(
              () -> parameters.add(TinyNetwork.BIAS, ParameterRole.BIAS, new float[1], 1))
          .hasMessageContaining(TinyNetwork.BIAS);
    }
  }
}
