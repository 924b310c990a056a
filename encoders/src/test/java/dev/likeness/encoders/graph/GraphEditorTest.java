package dev.likeness.encoders.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GraphEditorTest {

  @Test
  void removesWhatTheOutputDoesNotNeed() {
    GraphEditor editor = TinyModels.classifier();

    editor.keepOnlyOutput("map.out");

    assertThat(editor.graph().getNodeList())
        .extracting(node -> node.getOpType())
        .containsExactly("Conv", "Relu");
    assertThat(editor.graph().getInitializerList())
        .extracting(weight -> weight.getName())
        .containsExactly("conv.weight");
    assertThat(editor.graph().getOutputList())
        .singleElement()
        .extracting(output -> output.getName())
        .isEqualTo("map.out");
  }

  @Test
  void givesNewTensorsFreeNames() {
    GraphEditor editor = TinyModels.pooled();
    assertThat(editor.floats("conv.weight", new float[] {1}, 1)).isEqualTo("conv.weight_2");
    assertThat(editor.freeName("embedding")).isEqualTo("embedding_2");
    assertThat(editor.freeName("new")).isEqualTo("new");
  }

  @Test
  void writesTheSameBytesForTheSameGraph() throws Exception {
    byte[] bytes = TinyModels.classifier().toBytes();
    assertThat(TinyModels.classifier().toBytes()).isEqualTo(bytes);
    assertThat(GraphEditor.parse(bytes).toBytes()).isEqualTo(bytes);
  }

  @Test
  void refusesTensorsWhoseShapeIsNotTheirLength() {
    assertThatThrownBy(() -> GraphTensors.floats("w", new float[3], 2, 2))
        .hasMessageContaining("needs 4 values, got 3");
  }
}
