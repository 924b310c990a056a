package dev.likeness.encoders.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.runtime.ModelVerifier;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LikenessMiniTest {

  @TempDir private Path folder;

  @Test
  void isDeterministicInItsSeed() {
    byte[] first = LikenessMini.graph(7).toBytes();
    assertThat(LikenessMini.graph(7).toBytes()).isEqualTo(first);
    assertThat(LikenessMini.graph(8).toBytes()).isNotEqualTo(first);
  }

  @Test
  void staysSmall() {
    var graph = LikenessMini.graph(7).graph();
    long weights =
        graph.getInitializerList().stream()
            .mapToLong(
                tensor -> tensor.getDimsList().stream().reduce(1L, (left, right) -> left * right))
            .sum();
    assertThat(weights).isBetween(1_000_000L, 2_000_000L);
    assertThat(LikenessMini.graph(7).toBytes().length).isLessThan(8_000_000);
  }

  @Test
  void keepsBatchNormalizationAsNodesOfItsOwn() {
    assertThat(LikenessMini.graph(7).graph().getNodeList())
        .filteredOn(node -> node.getOpType().equals("BatchNormalization"))
        .hasSize(12);
  }

  @Test
  void publishesAnUntrainedPackageOnce() {
    // Given
    ModelStore store = ModelStore.open(folder);

    // When
    ModelPackage first = LikenessMini.publishTo(store, 7);
    ModelPackage again = LikenessMini.publishTo(store, 7);

    // Then
    assertThat(again).isEqualTo(first);
    assertThat(first.version()).hasToString("likeness-mini/1");
    assertThat(first.card().dimension()).isEqualTo(LikenessMini.DIMENSION);
    assertThat(first.card().origin().trained()).isFalse();
    assertThat(first.card().origin().seed()).isEqualTo(7);
    assertThat(first.card().batching().allowed()).isTrue();
    assertThat(ModelVerifier.verify(first, RuntimeOptions.ofThreads(1)).passed()).isTrue();
  }

  @Test
  void publishesTheTrainedNetworkThatIsPartOfTheProgram() throws Exception {
    // Given
    ModelStore store = ModelStore.open(folder);

    // When
    ModelPackage first = LikenessMini.publishTo(store);
    ModelPackage again = LikenessMini.publishTo(store);

    // Then
    assertThat(again).isEqualTo(first);
    assertThat(LikenessMini.isBuiltIn(first)).isTrue();
    assertThat(first.card().dimension()).isEqualTo(LikenessMini.DIMENSION);
    assertThat(first.card().origin().trained()).isTrue();
    assertThat(first.card().origin().source()).startsWith("likeness pretrain ");
    assertThat(first.card().origin().licence()).isNotBlank();
    assertThat(first.card().origin().metrics()).containsKey("validation_score");
    assertThat(Files.size(first.onnxPath())).isLessThan(8_000_000);
    assertThat(ModelVerifier.verify(first, RuntimeOptions.ofThreads(1)).passed()).isTrue();
  }

  @Test
  void isTheSameNetworkTrainedAndUntrained() throws Exception {
    var trained = GraphEditor.parse(BuiltInWeights.onnx()).graph();
    var untrained = LikenessMini.graph(7).graph();

    assertThat(trained.getNodeList()).isEqualTo(untrained.getNodeList());
    assertThat(trained.getInputList()).isEqualTo(untrained.getInputList());
    assertThat(trained.getOutputList()).isEqualTo(untrained.getOutputList());
    assertThat(trained.getInitializerList())
        .extracting(tensor -> tensor.getName() + tensor.getDimsList())
        .containsExactlyElementsOf(
            untrained.getInitializerList().stream()
                .map(tensor -> tensor.getName() + tensor.getDimsList())
                .toList());
  }

  @Test
  void tellsTheBuiltInNetworkFromOthersOfItsName() {
    ModelPackage untrained = LikenessMini.publishTo(ModelStore.open(folder), 7);

    assertThat(LikenessMini.isBuiltIn(untrained)).isFalse();
  }
}
