package dev.likeness.training.finetune.network;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.likeness.training.AcceptanceData;
import dev.likeness.training.ReferenceNetwork;
import dev.likeness.training.graph.OnnxModelFile;
import dev.likeness.training.graph.ParameterRole;
import dev.likeness.training.graph.TrainGraph;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlockFinderTest {

  @Test
  void namesOfWeightsTellTheirBlock() {
    assertThat(BlockName.of("layer1.0.conv1.weight")).contains("layer1.0");
    assertThat(BlockName.of("features.3.1.block.0.0.weight")).contains("features.3.1");
    assertThat(BlockName.of("encoder.layers.encoder_layer_3.mlp.0.weight"))
        .contains("encoder.layers.encoder_layer_3");
    assertThat(BlockName.of("vision_model.encoder.layers.7.self_attn.q_proj.weight"))
        .contains("vision_model.encoder.layers.7");
    assertThat(BlockName.of("inception4a.branch1.conv.weight")).contains("inception4a");
    assertThat(BlockName.of("onnx::MatMul_640")).isEmpty();
    assertThat(BlockName.of("475")).isEmpty();
    assertThat(BlockName.of("visual_projection.weight")).isEmpty();
  }

  @Test
  void foreignExportWithoutNamesIsCutByPosition() throws Exception {
    ModelProto model =
        OnnxModelFile.read(AcceptanceData.require("weights/mobilenetv2-torchvision/model.onnx"));
    TrainGraph graph = TrainGraph.of(model);
    List<Block> blocks = BlockFinder.find(graph, graph.outputs().getFirst());

    assertThat(blocks).hasSizeBetween(10, 25);
    assertThat(allOf(blocks)).isEqualTo(trainable(graph));
    assertThat(blocks.getFirst().input()).isEqualTo(graph.inputs().getFirst());
  }

  @Test
  void residualBlocksOfAResnetAreItsBlocks() throws Exception {
    TrainGraph graph = TrainGraph.of(ReferenceNetwork.model("narrow_resnet18", "narrow_resnet18"));
    List<Block> blocks = BlockFinder.find(graph, "features");

    assertThat(blocks)
        .extracting(Block::name)
        .contains("layer1.0", "layer1.1", "layer2.0", "layer3.1", "layer4.0", "layer4.1");
    assertThat(blocks.getLast().parameters()).allMatch(name -> name.startsWith("layer4.1."));
  }

  @Test
  void layersOfATransformerAreItsBlocks() throws Exception {
    TrainGraph graph = TrainGraph.of(ReferenceNetwork.model("tiny_vit", "tiny_vit"));
    List<Block> blocks = BlockFinder.find(graph, "features");

    assertThat(blocks)
        .extracting(Block::name)
        .contains("encoder.layers.encoder_layer_0", "encoder.layers.encoder_layer_1");
    assertThat(blocks.getLast().parameters()).contains("encoder.ln.weight");
  }

  private static Set<String> allOf(List<Block> blocks) {
    Set<String> names = new HashSet<>();
    blocks.forEach(block -> names.addAll(block.parameters()));
    return names;
  }

  private static Set<String> trainable(TrainGraph graph) {
    Set<String> names = new HashSet<>(graph.initializers().keySet());
    names.removeIf(name -> graph.role(name) == ParameterRole.CONSTANT);
    return names;
  }
}
