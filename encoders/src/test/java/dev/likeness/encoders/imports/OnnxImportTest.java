package dev.likeness.encoders.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.graph.TinyModels;
import dev.likeness.encoders.imports.ImportException.Reason;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.ResizeFilter;
import dev.likeness.encoders.runtime.ModelVerifier;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.VerifyReport;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Pooling;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxImportTest {

  @TempDir private Path folder;
  private ModelStore store;

  @BeforeEach
  void open() {
    store = ModelStore.open(folder.resolve("models"));
  }

  @Test
  void keepsFileThatGivesOneVectorPerImageByteForByte() throws IOException {
    byte[] bytes = TinyModels.pooled().toBytes();

    ModelPackage model = run(bytes, TinyModels.SIZE, null, Pooling.NONE).model();

    assertThat(model.onnxPath()).hasBinaryContent(bytes);
    assertThat(model.card().dimension()).isEqualTo(5);
    assertThat(model.card().notes()).isEmpty();
    VerifyReport report = ModelVerifier.verify(model, RuntimeOptions.ofThreads(1));
    assertThat(report.passed()).isTrue();
    assertThat(report.cosine()).isCloseTo(1, offset(1e-6));
  }

  @Test
  void tellsItsProgress() {
    List<String> steps = new ArrayList<>();
    new OnnxImport(store)
        .run(
            request(write(TinyModels.pooled().toBytes()), TinyModels.SIZE, null, Pooling.NONE),
            steps::add);
    assertThat(steps).hasSizeGreaterThanOrEqualTo(4).first().asString().contains("Reading");
  }

  @Test
  void poolsMapsByMeanAndGeneralisedMean() {
    byte[] classifier = TinyModels.classifier().toBytes();

    float[] mean = features(run(classifier, 4, "map.out", Pooling.GAP).model());
    float[] network = features(run(TinyModels.pooled().toBytes(), 4, null, Pooling.NONE).model());
    float[] gem = features(run(classifier, 4, "map.out", Pooling.GEM).model());

    assertThat(mean).containsExactly(network, offset(1e-6f));
    assertThat(gem).hasSize(5);
    for (int i = 0; i < 5; i++) {
      // The generalised mean lies above the mean.
      assertThat(gem[i]).isGreaterThanOrEqualTo(mean[i] - 1e-6f);
    }
    assertThat(store.find(new EncoderName("tiny")).orElseThrow().card().gemPower()).isEqualTo(3.0);
  }

  @Test
  void findsTheTensorBeforeTheHead() {
    byte[] classifier = TinyModels.classifier().toBytes();

    ImportResult asItIs = run(classifier, 4, null, Pooling.NONE);
    ImportResult before = run(classifier, 4, ImportRequest.BEFORE_HEAD, Pooling.NONE);

    assertThat(asItIs.notes()).singleElement().asString().contains("--output embedding");
    assertThat(before.model().card().outputTensor()).isEqualTo("embedding");
    assertThat(before.model().card().dimension()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void freesFixedBatchWhereThatComputesTheSame(long batch) {
    ImportResult result = run(TinyModels.fixedBatch(batch).toBytes(), 4, null, Pooling.NONE);

    assertThat(result.model().card().batching().allowed()).isTrue();
    assertThat(result.notes()).singleElement().asString().contains("free now");
    assertThat(embedTwo(result.model())).isEqualTo(embedOneByOne(result.model()));
  }

  @Test
  void runsGraphsOfOneImageOneByOne() {
    ImportResult result = run(TinyModels.stubbornBatch().toBytes(), 4, null, Pooling.NONE);

    assertThat(result.model().card().batching().dynamic()).isFalse();
    assertThat(result.notes()).singleElement().asString().contains("one by one");
    assertThat(embedTwo(result.model())).isEqualTo(embedOneByOne(result.model()));
  }

  @Test
  void carriesExternalDataAlong() throws IOException {
    // Given
    Files.write(folder.resolve("tiny.onnx.data"), weightBytes());

    // When
    ModelPackage external = run(externalTo("tiny.onnx.data"), 4, null, Pooling.NONE).model();
    ModelPackage inside = run(TinyModels.pooled().toBytes(), 4, null, Pooling.NONE).model();

    // Then
    assertThat(external.directory().resolve("tiny.onnx.data")).hasBinaryContent(weightBytes());
    assertThat(external.card().golden()).isEqualTo(inside.card().golden());
    assertThat(external.fingerprint()).isNotEqualTo(inside.fingerprint());
  }

  @Test
  void namesMissingExternalData() {
    assertRefused(externalTo("lost.data"), Reason.MISSING_DATA_FILE, "lost.data");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../../etc/passwd", "a/../../b", "../tiny.onnx.data"})
  void refusesExternalDataOutsideTheFolder(String location) {
    assertRefused(externalTo(location), Reason.UNSAFE_DATA_PATH, location);
  }

  @Test
  void refusesLinksThatLeaveTheFolder() throws IOException {
    Path outside = Files.write(Files.createTempFile("outside", ".data"), weightBytes());
    Files.createSymbolicLink(folder.resolve("link.data"), outside);
    assertRefused(externalTo("link.data"), Reason.UNSAFE_DATA_PATH, "link.data");
    Files.delete(outside);
  }

  @Test
  void refusesFilesThatAreNoModels() {
    assertRefused(new byte[0], Reason.NOT_ONNX, "holds no graph");
    assertRefused("# a readme\n".getBytes(UTF_8), Reason.NOT_ONNX, "not an ONNX model");
    byte[] noise = new byte[5000];
    new Random(1).nextBytes(noise);
    assertRefused(noise, Reason.NOT_ONNX, "not an ONNX model");
    byte[] whole = TinyModels.pooled().toBytes();
    assertRefused(Arrays.copyOf(whole, whole.length / 2), Reason.NOT_ONNX, "cut short");
  }

  @Test
  void refusesFileThatDoesNotExist() {
    assertThatThrownBy(
            () ->
                new OnnxImport(store)
                    .run(request(folder.resolve("no.onnx"), 4, null, Pooling.NONE), step -> {}))
        .hasMessageContaining("there is no file");
  }

  @Test
  void refusesSecondInput() {
    GraphEditor editor = TinyModels.pooled();
    editor.graph().addInput(editor.graph().getInput(0).toBuilder().setName("other"));
    assertRefused(editor.toBytes(), Reason.SEVERAL_INPUTS, "'other' FLOAT");
  }

  @Test
  void refusesInputsThatAreNoColorImages() {
    assertRefused(withInput(2, -1, 48), Reason.NO_IMAGE_INPUT, "[N, 3, height, width]");
    assertRefused(withInput(4, -1, 1, 4, 4), Reason.WRONG_CHANNELS, "3 channels");
    assertRefused(withInput(4, -1, 4, 4, 3), Reason.WRONG_CHANNELS, "channels first");
    GraphEditor bytes = TinyModels.pooled();
    bytes
        .graph()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(TensorProto.DataType.UINT8_VALUE);
    assertRefused(bytes.toBytes(), Reason.NO_IMAGE_INPUT, "UINT8");
  }

  @Test
  void saysWhichSizeTheGraphNeeds() {
    assertThatThrownBy(() -> run(TinyModels.pooled().toBytes(), 8, null, Pooling.NONE))
        .isInstanceOfSatisfying(
            ImportException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.WRONG_SIZE))
        .hasMessageContaining("--size 4");
  }

  @Test
  void listsCandidatesForAnUnknownTensor() {
    assertThatThrownBy(() -> run(TinyModels.classifier().toBytes(), 4, "nope", Pooling.NONE))
        .isInstanceOfSatisfying(
            ImportException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.UNKNOWN_TENSOR))
        .hasMessageContaining("logits, embedding, map.out");
  }

  @Test
  void refusesShapesThatDoNotGoWithThePooling() {
    byte[] model = TinyModels.pooled().toBytes();
    assertThatThrownBy(() -> run(model, 4, null, Pooling.GAP)).hasMessageContaining("map.out");
    assertThatThrownBy(() -> run(model, 4, "map.out", Pooling.NONE))
        .hasMessageContaining("[1, 5, 4, 4]");
    assertThatThrownBy(() -> run(model, 4, "map.out", Pooling.CLS))
        .hasMessageContaining("a row of tokens");
  }

  @Test
  void passesOnWhyOnnxRuntimeRefuses() {
    GraphEditor editor = TinyModels.pooled();
    GraphProto.Builder graph = editor.graph();
    graph.setNode(0, graph.getNode(0).toBuilder().setOpType("Convolve"));
    assertRefused(editor.toBytes(), Reason.UNSUPPORTED_MODEL, "Convolve");
  }

  @Test
  void leavesTheStoreEmptyAfterARefusal() {
    assertRefused(externalTo("lost.data"), Reason.MISSING_DATA_FILE, "");
    assertThat(store.list()).isEmpty();
  }

  private void assertRefused(byte[] bytes, Reason reason, String text) {
    assertThatThrownBy(() -> run(bytes, TinyModels.SIZE, null, Pooling.NONE))
        .isInstanceOfSatisfying(
            ImportException.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(reason);
              assertThat(refused.getMessage()).contains(text);
            });
  }

  private ImportResult run(byte[] bytes, int size, @Nullable String output, Pooling pooling) {
    return new OnnxImport(store).run(request(write(bytes), size, output, pooling), step -> {});
  }

  private static ImportRequest request(
      Path file, int size, @Nullable String output, Pooling pooling) {
    PreprocessSpec spec =
        PreprocessSpec.of(
            size,
            size,
            ResizeFilter.BILINEAR,
            PreprocessSpec.IMAGENET_MEAN,
            PreprocessSpec.IMAGENET_STD);
    return new ImportRequest(file, new EncoderName("tiny"), spec, output, pooling);
  }

  private Path write(byte[] bytes) {
    try {
      return Files.write(folder.resolve("tiny.onnx"), bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private static byte[] withInput(int rank, long... dimensions) {
    GraphEditor editor = TinyModels.pooled();
    TensorShapeProto.Builder shape =
        editor
            .graph()
            .getInputBuilder(0)
            .getTypeBuilder()
            .getTensorTypeBuilder()
            .getShapeBuilder()
            .clearDim();
    for (int i = 0; i < rank; i++) {
      shape.addDimBuilder().setDimValue(dimensions[i]);
    }
    return editor.toBytes();
  }

  private static byte[] weightBytes() {
    return TinyModels.pooled().graph().getInitializer(0).getRawData().toByteArray();
  }

  private static byte[] externalTo(String location) {
    GraphEditor editor = TinyModels.pooled();
    editor
        .graph()
        .getInitializerBuilder(0)
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location));
    return editor.toBytes();
  }

  private static float[] twoImages(ModelPackage model) {
    float[] tensors = new float[2 * model.card().tensorLength()];
    Random random = new Random(2);
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = (float) random.nextGaussian();
    }
    return tensors;
  }

  private static float[] features(ModelPackage model) {
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, RuntimeOptions.ofThreads(1))) {
      return embedder.features(twoImages(model), 1)[0];
    }
  }

  private static float[][] embedTwo(ModelPackage model) {
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, RuntimeOptions.ofThreads(1))) {
      return embedder.embed(twoImages(model), 2);
    }
  }

  private static float[][] embedOneByOne(ModelPackage model) {
    int length = model.card().tensorLength();
    float[] both = twoImages(model);
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, RuntimeOptions.ofThreads(1))) {
      return new float[][] {
        embedder.embed(both, 1)[0],
        embedder.embed(Arrays.copyOfRange(both, length, 2 * length), 1)[0]
      };
    }
  }
}
