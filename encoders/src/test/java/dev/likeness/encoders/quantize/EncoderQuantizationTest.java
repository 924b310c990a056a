package dev.likeness.encoders.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.likeness.encoders.AcceptanceData;
import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.graph.TinyModels;
import dev.likeness.encoders.image.DecodeLimits;
import dev.likeness.encoders.imports.ImportRequest;
import dev.likeness.encoders.imports.OnnxImport;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.quantize.QuantizationException.Reason;
import dev.likeness.encoders.runtime.ModelVerifier;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.store.EncoderCard;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Pooling;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderQuantizationTest {

  private static final EncoderName INTEGER = new EncoderName("integer");

  @TempDir private Path folder;
  private ModelStore store;

  private static final class Told implements QuantizationProgress {
    private final List<String> steps = new ArrayList<>();
    private int done;
    private int total;

    @Override
    public void step(String sentence) {
      steps.add(sentence);
    }

    @Override
    public void images(int done, int total) {
      this.done = done;
      this.total = total;
    }
  }

  @BeforeEach
  void openStore() {
    store = ModelStore.open(folder.resolve("store"));
  }

  @Test
  void quantizesAResidualNetwork() throws Exception {
    // Given
    ModelPackage source = LikenessMini.publishTo(store, 7);
    Told told = new Told();

    // When
    QuantizationResult result = run(source, drawnImages(16), told);

    // Then
    EncoderCard card = result.model().card();
    assertThat(result.fidelity().meanCosine()).isBetween(0.995, 1.0);
    assertThat(result.fidelity().images()).isEqualTo(4);
    assertThat(told.done).isEqualTo(2 * 12 + 4).isEqualTo(told.total);
    assertThat(told.steps).anyMatch(step -> step.contains("mean cosine"));
    assertThat(ModelVerifier.verify(result.model(), RuntimeOptions.ofThreads(1)).passed()).isTrue();
    assertThat(card.batching().dynamic()).isTrue();
    assertThat(card.batching().invariant()).isTrue();
    assertThat(card.preprocess()).isEqualTo(source.card().preprocess());
    assertThat(card.origin().kind()).isEqualTo("quantization");
    assertThat(card.origin().trained()).isFalse();
    assertThat(card.origin().source()).isEqualTo("likeness-mini/1");
    assertThat(card.origin().sourceSha256()).isEqualTo(source.fingerprint().value());
    assertThat(card.origin().datasetHash()).hasSize(64);
    assertThat(card.origin().metrics()).containsEntry("calibration_images", 12.0);
    assertThat(result.model().fingerprint()).isNotEqualTo(source.fingerprint());
  }

  @Test
  void theRuntimeComputesAllConvolutionsInIntegers() throws Exception {
    // Given
    QuantizationResult result = run(LikenessMini.publishTo(store, 7), drawnImages(8), new Told());

    // When
    Map<String, Integer> operators = optimized(result.model().onnxPath());

    // Then: 12 convolutions, 4 sums; one pair at the ends
    assertThat(operators)
        .doesNotContainKeys("Conv", "Add", "Relu")
        .containsEntry("QLinearConv", 12)
        .containsEntry("QLinearAdd", 4)
        .containsEntry("QuantizeLinear", 1)
        .containsEntry("DequantizeLinear", 1);
  }

  @Test
  void aVectorDoesNotDependOnItsNeighbours() throws Exception {
    // Given
    ModelPackage model = run(LikenessMini.publishTo(store, 7), drawnImages(8), new Told()).model();
    int length = model.card().tensorLength();
    float[] three = new float[3 * length];
    Random random = new Random(1);
    for (int i = 0; i < three.length; i++) {
      three[i] = (float) random.nextGaussian() * (1 + i / length);
    }

    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, RuntimeOptions.ofThreads(1))) {
      // When
      float[][] together = embedder.embed(three, 3);

      // Then
      for (int i = 0; i < 3; i++) {
        float[] alone = java.util.Arrays.copyOfRange(three, i * length, (i + 1) * length);
        assertThat(together[i]).containsExactly(embedder.embed(alone, 1)[0], within(1e-6f));
      }
    }
  }

  @Test
  void quantizesTheLinearLayersOfATransformer() throws Exception {
    // Given
    ModelPackage source = imported("onnx-as-exported/vit_tiny_patch16_small.legacy.onnx");
    Path images = AcceptanceData.require("data/caltech101-30/test");

    // When
    QuantizationResult result = run(source, images, new Told());

    // Then: three layers of four, and attention and normalisation in floats
    Map<String, Integer> operators = optimized(result.model().onnxPath());
    int linear =
        operators.getOrDefault("QGemm", 0) + operators.getOrDefault("MatMulIntegerToFloat", 0);
    assertThat(linear).isEqualTo(12);
    assertThat(operators).doesNotContainKeys("Gemm", "DequantizeLinear");
    assertThat(result.fidelity().meanCosine()).isGreaterThan(0.99);
  }

  @Test
  void leavesALayerInFloatsWhoseBiasIsOneNumber() {
    // Given: x · W + 1, and x · W + b
    GraphEditor editor = TinyModels.pooled();
    String weight = editor.floats("w", new float[10], 5, 2);
    String one = editor.floats("one", new float[] {1}, 1);
    String bias = editor.floats("bias", new float[] {1, 2}, 2);
    editor.node("Gemm", "broadcast", List.of("embedding", weight, one));
    editor.node("Gemm", "plain", List.of("embedding", weight, bias));
    GraphProto graph = editor.model().getGraph();

    // When
    QuantizationPlan plan = QuantizationPlan.of(graph, new WeightReader(graph, folder));

    // Then
    assertThat(graph.getNodeList())
        .filteredOn(node -> node.getOpType().equals("Gemm"))
        .extracting(plan::computesInIntegers)
        .containsExactly(false, true);
  }

  @Test
  void staysTrueToTrainedWeights() throws Exception {
    // Given
    ModelPackage source = imported("weights/mobilenetv2-torchvision/model.onnx");
    Path images = AcceptanceData.require("data/caltech101-30/test");

    // When
    QuantizationResult result = run(source, images, new Told());

    // Then
    assertThat(result.fidelity().meanCosine()).isGreaterThan(0.99);
  }

  @Test
  void refusesWhatIsTooFarOffUnlessForced() {
    Told told = new Told();
    Fidelity low = new Fidelity(0.9512, 0.9, 32);

    assertThatThrownBy(() -> FidelityCheck.require(low, false, told::step))
        .isInstanceOfSatisfying(
            QuantizationException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.LOW_FIDELITY))
        .hasMessageContaining("mean cosine to the float32 vectors is 0.9512 (least 0.9000)")
        .hasMessageContaining("--force");
    FidelityCheck.require(low, true, told::step);
    assertThat(told.steps).singleElement().asString().contains("0.9512");
  }

  @Test
  void countsAVectorThatIsNotFiniteAsFarOff() {
    assertThat(FidelityCheck.cosine(new float[] {1, 0}, new float[] {Float.NaN, 0})).isZero();
    assertThat(FidelityCheck.cosine(new float[] {1, 0}, new float[] {0, 0})).isZero();
    assertThat(FidelityCheck.cosine(new float[] {1, 0}, new float[] {2, 0})).isOne();
  }

  @Test
  void refusesAnEncoderOfIntegers() throws Exception {
    // Given
    Path images = drawnImages(8);
    ModelPackage integer = run(LikenessMini.publishTo(store, 7), images, new Told()).model();

    // When, then
    assertThatThrownBy(() -> run(integer, images, new Told()))
        .isInstanceOfSatisfying(
            QuantizationException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.ALREADY_QUANTIZED));
  }

  @Test
  void refusesDynamicQuantisationAsSource() {
    ModelPackage dynamic = imported("weights/mobilenetv2-int8-asis/model.onnx");
    Path images = AcceptanceData.require("data/caltech101-30/test");

    assertThatThrownBy(() -> run(dynamic, images, new Told()))
        .hasMessageContaining("computes in integers already");
  }

  @Test
  void passesOverFilesThatAreNoImagesAndAsksForEnoughOthers() throws Exception {
    // Given
    ModelPackage source = LikenessMini.publishTo(store, 7);
    Path images = drawnImages(7);
    Files.writeString(images.resolve("broken.jpg"), "no image");
    Files.writeString(images.resolve("readme.txt"), "no image");

    // When, then
    assertThatThrownBy(() -> run(source, images, new Told()))
        .isInstanceOfSatisfying(
            QuantizationException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.TOO_FEW_IMAGES))
        .hasMessageContaining("holds 7 readable images");
    assertThatThrownBy(() -> run(source, folder.resolve("absent"), new Told()))
        .hasMessageContaining("is no folder that can be read");
    assertThat(store.find(INTEGER)).isEmpty();
  }

  @Test
  void refusesAnImpossibleNumberOfImages() {
    ModelPackage source = LikenessMini.publishTo(store, 7);

    assertThatThrownBy(() -> new QuantizationRequest(source, INTEGER, folder, 7, false))
        .hasMessage("between 8 and 4096 images can be used, not 7");
  }

  private QuantizationResult run(ModelPackage source, Path images, Told told) {
    return new EncoderQuantization(store, DecodeLimits.DEFAULT, Clock.systemUTC())
        .run(new QuantizationRequest(source, INTEGER, images, 24, false), told);
  }

  private ModelPackage imported(String onnx) {
    return new OnnxImport(store)
        .run(
            new ImportRequest(
                AcceptanceData.require(onnx),
                new EncoderName("imported"),
                PreprocessSpec.imagenet(),
                null,
                Pooling.NONE),
            unused -> {})
        .model();
  }

  /** Coloured discs on gradients. */
  private Path drawnImages(int count) throws Exception {
    Path images = Files.createDirectories(folder.resolve("images/below"));
    Random random = new Random(3);
    for (int i = 0; i < count; i++) {
      BufferedImage image = new BufferedImage(120, 110, BufferedImage.TYPE_INT_RGB);
      Graphics2D pen = image.createGraphics();
      for (int x = 0; x < 120; x++) {
        pen.setColor(new Color(2 * x, 255 - 2 * x, random.nextInt(60)));
        pen.drawLine(x, 0, x, 110);
      }
      pen.setColor(new Color(random.nextInt(1 << 24)));
      pen.fillOval(random.nextInt(60), random.nextInt(60), 50, 40);
      pen.dispose();
      ImageIO.write(image, "png", images.resolve("image%02d.png".formatted(i)).toFile());
    }
    return folder.resolve("images");
  }

  /** How often each operator occurs in what ONNX Runtime really runs. */
  private Map<String, Integer> optimized(Path onnx) throws Exception {
    Path optimized = folder.resolve("optimized.onnx");
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
      options.setOptimizedModelFilePath(optimized.toString());
      OrtEnvironment.getEnvironment().createSession(onnx.toString(), options).close();
    }
    Map<String, Integer> operators = new TreeMap<>();
    ModelProto.parseFrom(Files.readAllBytes(optimized))
        .getGraph()
        .getNodeList()
        .forEach(node -> operators.merge(node.getOpType(), 1, Integer::sum));
    return operators;
  }
}
