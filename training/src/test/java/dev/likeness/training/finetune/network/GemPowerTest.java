package dev.likeness.training.finetune.network;

import static dev.likeness.encoders.graph.GraphTensors.attribute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.graph.GraphTensors;
import dev.likeness.training.RequiresLibtorch;
import dev.likeness.training.execute.GraphExecutor;
import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.util.List;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

@RequiresLibtorch
class GemPowerTest {

  private static final float[] MAP = {1, 2, 3, 4};

  @Test
  void powerIsOneWeightWithAGradientOfBothItsUses() {
    TrainGraph graph = TrainGraph.of(GemPower.expose(pooling(3, 1 / 3f)).orElseThrow());
    try (ParameterStore parameters = ParameterStore.of(graph, FloatType.FLOAT64)) {
      GraphExecutor executor = new GraphExecutor(graph, parameters);
      double value;
      double gradient;
      try (TorchScope scope = TorchScope.training()) {
        Tensor pooled = run(executor);
        value = pooled.item_double();
        pooled.backward();
        gradient =
            Tensors.doubles(parameters.find(GemPower.NAME).orElseThrow().gradient().orElseThrow())[
                0];
      }
      assertThat(value).isCloseTo(generalisedMean(3), within(1e-6));
      double slope = (generalisedMean(3 + 1e-5) - generalisedMean(3 - 1e-5)) / 2e-5;
      assertThat(gradient).isCloseTo(slope, within(1e-5));
    }
  }

  @Test
  void otherPowersStayConstants() {
    assertThat(GemPower.expose(pooling(3, 0.5f))).isEmpty();
  }

  private static Tensor run(GraphExecutor executor) {
    Tensor map = Tensors.of(MAP, new long[] {1, 1, 2, 2}, FloatType.FLOAT64);
    return executor.run(map, Set.of("root"), Mode.EVAL).get("root");
  }

  private static double generalisedMean(double p) {
    double sum = 0;
    for (float value : MAP) {
      sum += Math.pow(value, p);
    }
    return Math.pow(sum / MAP.length, 1 / p);
  }

  private static ModelProto pooling(float power, float root) {
    GraphEditor editor =
        GraphEditor.of(
            ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(
                    GraphProto.newBuilder()
                        .setName("gem")
                        .addInput(
                            ValueInfoProto.newBuilder()
                                .setName("map")
                                .setType(GraphTensors.floatType("N", 1, 2, 2))))
                .build());
    String p = editor.floats("p", new float[] {power}, 1);
    String inverse =
        editor.node(
            "Constant",
            "inverse",
            List.of(),
            attribute("value", GraphTensors.floats("", new float[] {root}, 1)));
    String powers = editor.node("Pow", "powers", List.of("map", p));
    String mean = editor.node("GlobalAveragePool", "mean", List.of(powers));
    editor.keepOnlyOutput(editor.node("Pow", "root", List.of(mean, inverse)));
    return editor.model();
  }
}
