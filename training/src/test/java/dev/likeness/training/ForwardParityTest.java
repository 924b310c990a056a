package dev.likeness.training;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.runtime.OnnxRunner;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.training.execute.GraphExecutor;
import dev.likeness.training.execute.Mode;
import dev.likeness.training.execute.ParameterStore;
import dev.likeness.training.graph.OnnxModelFile;
import dev.likeness.training.graph.TrainGraph;
import dev.likeness.training.loss.Batch;
import dev.likeness.training.loss.SupervisedContrastive;
import dev.likeness.training.optimizer.Sgd;
import dev.likeness.training.torch.FloatType;
import dev.likeness.training.torch.Tensors;
import dev.likeness.training.torch.TorchScope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole networks: libtorch gives what ONNX Runtime gives, before and after training. */
@RequiresLibtorch
class ForwardParityTest {

  private static final double TOLERANCE = 1e-5;
  private static final int IMAGES = 4;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "onnx-as-exported/resnet18_narrow.dynamo, 64",
    "onnx-as-exported/resnet18_narrow.legacy, 64",
    "onnx-as-exported/resnet18_narrow.dynamo_unoptimized, 64",
    "onnx-as-exported/efficientnet_b0_narrow.dynamo, 96",
    "onnx-as-exported/efficientnet_b0_narrow.legacy, 96",
    "onnx-as-exported/vit_tiny_patch16_small.dynamo, 224",
    "onnx-as-exported/vit_tiny_patch16_small.legacy, 224",
    "onnx-as-exported/clip_vision_tiny.dynamo, 64",
    "onnx-as-exported/clip_vision_tiny.legacy, 64",
    "onnx-as-exported/dinov2_tiny.dynamo, 84",
    "onnx-as-exported/dinov2_tiny.legacy, 84",
    "fixtures/training/narrow_resnet18, 64",
    "fixtures/training/tiny_vit, 32",
  })
  void agreesWithOnnxRuntimeBeforeAndAfterTraining(String file, int size) throws Exception {
    compare(AcceptanceData.require(file + ".onnx"), size);
  }

  @Test
  void agreesOnTheEmbeddedDefault() throws Exception {
    ModelPackage mini = LikenessMini.publishTo(ModelStore.open(folder.resolve("store")), 1);
    compare(mini.onnxPath(), LikenessMini.INPUT_SIZE);
  }

  private void compare(Path file, int size) throws Exception {
    TrainGraph graph = TrainGraph.of(OnnxModelFile.read(file));
    long[] shape = {IMAGES, 3, size, size};
    float[] images = FormulaTensor.of("input", IMAGES * 3 * size * size, 1);
    try (ParameterStore parameters = ParameterStore.of(graph, FloatType.FLOAT32);
        Sgd optimizer = new Sgd(parameters, 0.9, 0)) {
      GraphExecutor executor = new GraphExecutor(graph, parameters);
      double before = distance(executor, graph, file, images, shape);

      int trained = train(executor, graph, parameters, optimizer, images, shape);
      ModelProto exported = parameters.export();
      Path saved = folder.resolve("trained.onnx");
      Files.write(saved, exported.toByteArray());
      double after = distance(executor, graph, saved, images, shape);

      assertThat(before).as("before training").isLessThan(TOLERANCE);
      assertThat(after).as("after training, as saved").isLessThan(TOLERANCE);
      assertThat(trained).isPositive();
      assertThat(exported.getGraph().getNodeList())
          .isEqualTo(graph.model().getGraph().getNodeList());
    }
  }

  /** Some steps on a changed output, so that the saved weights differ; gives how many moved. */
  private static int train(
      GraphExecutor executor,
      TrainGraph graph,
      ParameterStore parameters,
      Sgd optimizer,
      float[] images,
      long[] shape) {
    String output = graph.outputs().getLast();
    int moved = 0;
    for (int step = 0; step < 2; step++) {
      parameters.clearGradients();
      try (TorchScope scope = TorchScope.training()) {
        Tensor input = Tensors.of(images, shape, FloatType.FLOAT32);
        Tensor features = executor.run(input, Set.of(output), Mode.TRAIN).get(output);
        Batch batch = Batch.of(features.reshape(IMAGES, -1), 0, 0, 1, 1);
        new SupervisedContrastive(0.5).of(batch).backward();
      }
      moved =
          Math.toIntExact(
              parameters.trainable().stream().filter(p -> p.gradient().isPresent()).count());
      optimizer.step(1e-3);
    }
    return moved;
  }

  /** Largest relative distance among the graph's outputs. */
  private static double distance(
      GraphExecutor executor, TrainGraph graph, Path file, float[] images, long[] shape) {
    double worst = 0;
    try (OnnxRunner runner = OnnxRunner.open(file, RuntimeOptions.ofThreads(1));
        TorchScope scope = TorchScope.withoutGradients()) {
      Tensor input = Tensors.of(images, shape, FloatType.FLOAT32);
      Map<String, Tensor> outputs = executor.run(input, Set.copyOf(graph.outputs()), Mode.EVAL);
      for (String name : graph.outputs()) {
        var expected = runner.run(graph.inputs().getFirst(), images, shape, name);
        assertThat(Arrays.toString(Tensors.shape(outputs.get(name))))
            .isEqualTo(expected.shapeText());
        worst = Math.max(worst, relative(Tensors.floats(outputs.get(name)), expected.values()));
      }
    }
    return worst;
  }

  private static double relative(float[] actual, float[] expected) {
    double difference = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(actual[i] - (double) expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / length);
  }
}
