package dev.likeness.encoders.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.likeness.encoders.architecture.Architecture;
import dev.likeness.encoders.architecture.ArchitectureCatalog;
import dev.likeness.encoders.architecture.FormulaWeights;
import dev.likeness.encoders.architecture.Network;
import dev.likeness.encoders.architecture.NetworkFiles;
import dev.likeness.encoders.architecture.NetworkOptions;
import dev.likeness.encoders.architecture.NetworkWriter;
import dev.likeness.encoders.graph.GraphBuilder;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.ResizeFilter;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.SimplifiedGraph;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServingGraphTest {

  private static final RuntimeOptions OPTIONS = RuntimeOptions.ofThreads(1);
  private static final int SIDE = 16;

  @TempDir private Path folder;

  /** Two maps of the second network have 40 and 24 channels, which do not fill their last block. */
  @ParameterizedTest
  @CsvSource({"efficientnet-b0, 16", "efficientnet-b3, 26"})
  void scalesChannelsInBlocksToTheSameBits(String name, int blocks) throws IOException {
    assumeBlocks();
    ModelPackage model = published(name, false);

    assertThat(channelScalings(model)).isEqualTo(blocks);
    assertSameVectors(model, false);
  }

  /** The image and its mirror image are two to the network. */
  @Test
  void leavesNetworksAloneThatMakeABatchOfOneImage() throws IOException {
    assertSameVectors(published("efficientnet-b0", true), true);
  }

  @Test
  void leavesGraphsWithoutSuchBlocksAlone() throws IOException {
    assertSameVectors(published("resnet34", false), true);
  }

  /** Each place has its own scale here. */
  @Test
  void leavesProductsOfTwoMapsAlone() throws IOException {
    ModelPackage model = published(gated(false));
    assertThat(channelScalings(model)).isZero();
    assertSameVectors(model, true);
  }

  @Test
  void findsTheScaleOnEitherSideOfTheProduct() throws IOException {
    assumeBlocks();
    ModelPackage model = published(gated(true));
    assertThat(channelScalings(model)).isEqualTo(1);
    assertSameVectors(model, false);
  }

  @Test
  void readsTheOperatorsOfAGraphWithoutItsWeights() throws IOException {
    Path file = folder.resolve("gated.onnx");
    Files.write(file, gated(true));
    assertThat(OperatorScan.of(file))
        .containsExactlyInAnyOrder("Conv", "GlobalAveragePool", "Sigmoid", "Mul", "Flatten");
  }

  /** Other processors keep maps in plain order, and nothing is rewritten. */
  private static void assumeBlocks() {
    assumeTrue(System.getProperty("os.arch").equals("amd64"), "maps are in blocks on x86 only");
  }

  private void assertSameVectors(ModelPackage model, boolean joinsImages) {
    Random random = new Random(7);
    try (OnnxImageEmbedder expected = OnnxImageEmbedder.open(model, OPTIONS);
        OnnxImageEmbedder served = ServingGraph.open(model, OPTIONS)) {
      assertThat(served.dynamicBatch()).isEqualTo(joinsImages);
      int length = served.tensorLength();
      float[] images = new float[3 * length];
      for (int i = 0; i < images.length; i++) {
        images[i] = (float) random.nextGaussian();
      }
      assertThat(served.embed(images, 3)).isDeepEqualTo(expected.embed(images, 3));
    }
  }

  private long channelScalings(ModelPackage model) throws IOException {
    Path work = Files.createDirectory(folder.resolve("optimized"));
    Path optimized = SimplifiedGraph.writeForThisMachine(model.onnxPath(), work);
    ModelProto graph = ModelProto.parseFrom(Files.readAllBytes(optimized));
    return ChannelScaling.apply(graph, model.card().outputTensor()).stream()
        .flatMap(rewritten -> rewritten.getGraph().getNodeList().stream())
        .filter(node -> node.getOpType().equals("Reshape"))
        .map(NodeProto::getName)
        .filter(node -> node.endsWith(".scale"))
        .count();
  }

  private ModelPackage published(String name, boolean flip) throws IOException {
    Architecture architecture = ArchitectureCatalog.require(name);
    NetworkOptions usual = architecture.defaults();
    Network network =
        architecture.build(
            new NetworkOptions(usual.size(), usual.pooling(), usual.positionRule(), flip));
    NetworkFiles files =
        new NetworkWriter().write(network, new FormulaWeights(Math.sqrt(2)), folder);
    return published(architecture.preprocess(), files.onnx(), files.dataFiles());
  }

  private ModelPackage published(byte[] onnx) {
    PreprocessSpec spec =
        PreprocessSpec.of(
            SIDE,
            SIDE,
            ResizeFilter.BILINEAR,
            PreprocessSpec.IMAGENET_MEAN,
            PreprocessSpec.IMAGENET_STD);
    return published(spec, onnx, Map.of());
  }

  private ModelPackage published(PreprocessSpec spec, byte[] onnx, Map<String, Path> data) {
    EncoderDescription description =
        new EncoderDescription(
            new EncoderName("tested"),
            "tested",
            spec,
            Network.INPUT,
            Network.OUTPUT,
            Pooling.GAP,
            null,
            Origin.ofArchitecture(1),
            List.of());
    return ModelStore.open(folder.resolve("models"))
        .publish(new PackageAssembler(Clock.systemUTC()).assemble(description, onnx, data));
  }

  /** 16 channels, each weighed by a sigmoid of the map, or of its mean over space. */
  private static byte[] gated(boolean averaged) {
    Random random = new Random(3);
    GraphBuilder net =
        new GraphBuilder(
            "gated",
            (name, length, fanOut) -> {
              float[] values = new float[length];
              for (int i = 0; i < length; i++) {
                values[i] = (float) random.nextGaussian();
              }
              return values;
            });
    String image = net.image(Network.INPUT, SIDE);
    String map = net.convolution("first", image, 3, 16, 3, 1);
    String seen = averaged ? net.node("GlobalAveragePool", "mean", List.of(map)) : map;
    String weighed = net.convolution("gate", seen, 16, 16, 1, 1);
    String gate = net.node("Sigmoid", "sigmoid", List.of(weighed));
    String product = net.node("Mul", "product", List.of(gate, map));
    String last = net.convolution("last", product, 16, 16, 1, 1);
    return net.output(net.globalAverage("pool", last, Network.OUTPUT), 16).toBytes();
  }
}
