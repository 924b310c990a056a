package dev.likeness.encoders.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.architecture.LikenessMini;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.graph.TinyModels;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.ResizeFilter;
import dev.likeness.encoders.projection.LinearProjection;
import dev.likeness.encoders.projection.ProjectionAppender;
import dev.likeness.encoders.projection.ProjectionRequest;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.ModelVerifier;
import dev.likeness.encoders.runtime.OnnxImageEmbedder;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.runtime.RuntimeOptions;
import dev.likeness.encoders.runtime.UnitLength;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.Ensemble;
import dev.likeness.encoders.store.Fusion;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.Pooling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnsembleBuildTest {

  private static final RuntimeOptions OPTIONS = RuntimeOptions.ofThreads(1);
  private static final EncoderName NAME = new EncoderName("both+more");

  @TempDir private Path folder;
  private ModelStore store;
  private ModelPackage mini;
  private ModelPackage tiny;

  @BeforeEach
  void publishMembers() {
    store = ModelStore.open(folder.resolve("models"));
    mini = LikenessMini.publishTo(store, 3);
    tiny = tiny("tiny", 0.5f, TinyModels.pooled());
  }

  @Test
  void concatenationHasTheWeightedMeanOfTheMembersCosines() {
    // Given
    ModelPackage joined = join(Fusion.CONCAT, member(mini, 3), member(tiny, 1));
    float[][] images = images(mini, 3);
    float[][] small = images(tiny, 3);

    // When
    float[][] vectors = embed(joined, beside(images, small));

    // Then
    float[][] first = embed(mini, images);
    float[][] second = embed(tiny, small);
    assertThat(joined.card().dimension()).isEqualTo(261);
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        assertThat(cosine(vectors[i], vectors[j]))
            .isCloseTo(
                0.75 * cosine(first[i], first[j]) + 0.25 * cosine(second[i], second[j]),
                within(1e-6));
      }
    }
  }

  @Test
  void averageIsTheMeanOfTheMembersUnitVectors() {
    // Given: two ways to prepare an image
    ModelPackage other = tiny("other", 0.1f, TinyModels.pooled());
    ModelPackage joined = join(Fusion.AVERAGE, member(tiny, 1), member(other, 1));
    float[][] images = images(tiny, 3);
    float[][] others = images(other, 3);

    // When
    float[][] vectors = embed(joined, beside(images, others));

    // Then
    float[][] first = embed(tiny, images);
    float[][] second = embed(other, others);
    assertThat(joined.card().inputs()).hasSize(2);
    for (int i = 0; i < 3; i++) {
      float[] mean = new float[5];
      for (int k = 0; k < 5; k++) {
        mean[k] = (first[i][k] + second[i][k]) / 2;
      }
      UnitLength.scale(mean);
      assertThat(vectors[i]).containsExactly(mean, within(1e-6f));
    }
  }

  @Test
  void membersThatPrepareImagesAlikeShareAnInput() {
    ModelPackage second = mini("second", 4);
    ModelPackage joined = join(Fusion.AVERAGE, member(mini, 1), member(second, 1));
    assertThat(joined.card().inputs()).hasSize(1);
    assertThat(joined.card().tensorLength()).isEqualTo(mini.card().tensorLength());

    float[][] images = images(mini, 1);
    float[] sum = embed(mini, images)[0];
    float[] other = embed(second, images)[0];
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other[i];
    }
    UnitLength.scale(sum);
    assertThat(embed(joined, images)[0]).containsExactly(sum, within(1e-5f));
  }

  @Test
  void keepsAMembersExternalDataAndNestedGraphs() throws IOException {
    // Given
    ModelPackage branching = tiny("branching", 0.1f, branching());
    ModelPackage external = external();
    float[][] images = images(tiny, 2);

    // When
    ModelPackage joined =
        join(Fusion.CONCAT, member(branching, 1), member(external, 1), member(tiny, 2));

    // Then
    assertThat(joined.directory().resolve("member2/w.bin")).exists();
    float[][] vectors = embed(joined, beside(beside(images, images), images));
    float[] unit = embed(tiny, images)[1];
    for (int k = 0; k < 5; k++) {
      assertThat(vectors[1][k]).isCloseTo(unit[k] / 2, within(1e-6f));
      assertThat(vectors[1][5 + k]).isCloseTo(unit[k] / 2, within(1e-6f));
      assertThat(vectors[1][10 + k]).isCloseTo(unit[k] * (float) Math.sqrt(0.5), within(1e-6f));
    }
  }

  @Test
  void livesOnWhenItsMembersAreRemoved() {
    ModelPackage joined = join(Fusion.CONCAT, member(mini, 1), member(tiny, 1));

    store.remove(mini.version());
    store.remove(tiny.version());

    assertThat(ModelVerifier.verify(joined, OPTIONS).passed()).isTrue();
    ModelPackage read = store.find(NAME).orElseThrow();
    assertThat(read.card()).isEqualTo(joined.card());
    assertThat(read.card().origin().trained()).isFalse();
    assertThat(read.card().ensemble().members())
        .extracting(Ensemble.Member::fingerprint)
        .containsExactly(mini.fingerprint().value(), tiny.fingerprint().value());
  }

  @Test
  void fingerprintChangesWithAMemberAndWithAWeightAlone() {
    ModelPackage joined = join(Fusion.CONCAT, member(mini, 1), member(tiny, 1));
    ModelPackage scaled = join(Fusion.CONCAT, member(mini, 2), member(tiny, 2));
    ModelPackage weighted = join(Fusion.CONCAT, member(mini, 2), member(tiny, 1));
    ModelPackage changed = join(Fusion.CONCAT, member(mini("third", 5), 2), member(tiny, 1));
    ModelPackage prepared =
        join(Fusion.CONCAT, member(mini, 1), member(tiny("other", 0.1f, TinyModels.pooled()), 1));

    assertThat(scaled.version()).isEqualTo(joined.version());
    assertThat(
            List.of(
                joined.fingerprint(),
                weighted.fingerprint(),
                changed.fingerprint(),
                prepared.fingerprint()))
        .doesNotHaveDuplicates();
  }

  @Test
  void canBeProjectedLikeAnyEncoder() {
    ModelPackage joined = join(Fusion.CONCAT, member(tiny, 1), member(tinyOf(0.1f), 1));
    float[][] weights = new float[10][2];
    weights[0][0] = 1;
    weights[6][1] = 1;

    ModelPackage projected =
        store.publish(
            new ProjectionAppender(Clock.systemUTC())
                .append(
                    joined,
                    new LinearProjection(new float[10], weights),
                    new ProjectionRequest(
                        new EncoderName("small"), "pca", "job", "ab".repeat(32), 9, 0.7)));

    float[][] images = beside(images(tiny, 2), images(tiny, 2));
    float[] whole = embed(joined, images)[1];
    float[] expected = {whole[0], whole[6]};
    UnitLength.scale(expected);
    assertThat(embed(projected, images)[1]).containsExactly(expected, within(1e-5f));
    assertThat(projected.card().ensemble()).isEqualTo(joined.card().ensemble());
  }

  @Test
  void refusesWhatDoesNotGoTogether() {
    ModelPackage joined = join(Fusion.CONCAT, member(mini, 1), member(tiny, 1));
    GraphEditor later = TinyModels.pooled();
    ModelPackage otherOperators =
        tiny("later", 0.1f, GraphEditor.of(withOpset(later, later.opset() - 1)));

    assertRefused("one length, these have 256 (likeness-mini), 5 (tiny)", mini, tiny);
    assertRefused("the same encoder as a member before", mini, mini);
    assertRefused("'both+more' is an ensemble itself", joined, tiny);
    assertRefused("one graph has one", tiny, otherOperators);
    assertRefused("an ensemble has 2 to 8 members, got 1", mini);
    for (double weight : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> member(mini, weight)).hasMessageContaining("must be positive");
    }
  }

  private void assertRefused(String message, ModelPackage... members) {
    assertThatThrownBy(
            () ->
                join(
                    Fusion.AVERAGE,
                    Arrays.stream(members)
                        .map(model -> member(model, 1))
                        .toArray(EnsembleRequest.Member[]::new)))
        .isInstanceOf(EnsembleException.class)
        .hasMessageContaining(message);
  }

  private ModelPackage join(Fusion fusion, EnsembleRequest.Member... members) {
    List<String> told = new ArrayList<>();
    ModelPackage model =
        new EnsembleBuild(store, Clock.systemUTC())
            .run(new EnsembleRequest(NAME, fusion, List.of(members)), told::add)
            .model();
    assertThat(told).first().asString().startsWith("joining ");
    return model;
  }

  private static EnsembleRequest.Member member(ModelPackage model, double weight) {
    return new EnsembleRequest.Member(model, weight);
  }

  private ModelPackage mini(String name, long seed) {
    LikenessMini.publishTo(ModelStore.open(folder.resolve(name)), seed);
    return ModelStore.open(folder.resolve(name)).find(LikenessMini.NAME).orElseThrow();
  }

  private ModelPackage tinyOf(float mean) {
    return tiny("tiny-" + mean, mean, TinyModels.pooled());
  }

  private ModelPackage tiny(String name, float mean, GraphEditor graph) {
    return store.publish(
        new PackageAssembler(Clock.systemUTC())
            .assemble(description(name, mean), graph.toBytes(), Map.of()));
  }

  /** The tiny network with its first weights in a file beside it. */
  private ModelPackage external() throws IOException {
    GraphEditor editor = TinyModels.pooled();
    TensorProto.Builder weights = editor.graph().getInitializerBuilder(0);
    Path file = Files.write(folder.resolve("w.bin"), weights.getRawData().toByteArray());
    weights
        .clearRawData()
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue("w.bin"))
        .addExternalData(
            StringStringEntryProto.newBuilder()
                .setKey("length")
                .setValue(String.valueOf(Files.size(file))));
    return store.publish(
        new PackageAssembler(Clock.systemUTC())
            .assemble(description("external", 0.2f), editor.toBytes(), Map.of("w.bin", file)));
  }

  /** The tiny network, whose vector goes through a branch that takes it from outside. */
  private static GraphEditor branching() {
    GraphEditor editor = TinyModels.pooled();
    String always =
        editor.node(
            "Greater",
            "always",
            List.of(
                editor.floats("two", new float[] {2}, 1),
                editor.floats("one", new float[] {1}, 1)));
    AttributeProto.Builder branch =
        AttributeProto.newBuilder()
            .setType(AttributeProto.AttributeType.GRAPH)
            .setG(
                GraphProto.newBuilder()
                    .setName("branch")
                    .addNode(
                        NodeProto.newBuilder()
                            .setOpType("Identity")
                            .addInput("embedding")
                            .addOutput("same"))
                    .addOutput(ValueInfoProto.newBuilder().setName("same")));
    String chosen =
        editor.node(
            "If",
            "chosen",
            List.of(editor.node("Squeeze", "scalar", List.of(always))),
            branch.setName("then_branch").build(),
            branch.setName("else_branch").build());
    editor.keepOnlyVectorOutput(chosen, 5);
    return editor;
  }

  private static ai.onnx.proto.OnnxMl.ModelProto withOpset(GraphEditor editor, long version) {
    var model = editor.model().toBuilder();
    model.getOpsetImportBuilder(0).setVersion(version);
    return model.build();
  }

  private static EncoderDescription description(String name, float mean) {
    return new EncoderDescription(
        new EncoderName(name),
        "tiny",
        PreprocessSpec.of(
            4, 4, ResizeFilter.BILINEAR, List.of(mean, mean, mean), PreprocessSpec.IMAGENET_STD),
        "image",
        name.equals("branching") ? "chosen" : "embedding",
        Pooling.GAP,
        null,
        Origin.ofArchitecture(1),
        List.of());
  }

  private static float[][] images(ModelPackage model, int count) {
    Random random = new Random(7);
    float[][] images = new float[count][model.card().tensorLength()];
    for (float[] image : images) {
      for (int i = 0; i < image.length; i++) {
        image[i] = (float) random.nextGaussian();
      }
    }
    return images;
  }

  /** The tensors of each image one behind another. */
  private static float[][] beside(float[][] left, float[][] right) {
    float[][] joined = new float[left.length][];
    for (int i = 0; i < left.length; i++) {
      joined[i] = Arrays.copyOf(left[i], left[i].length + right[i].length);
      System.arraycopy(right[i], 0, joined[i], left[i].length, right[i].length);
    }
    return joined;
  }

  private static float[][] embed(ModelPackage model, float[][] images) {
    int length = images[0].length;
    float[] tensors = new float[images.length * length];
    for (int i = 0; i < images.length; i++) {
      System.arraycopy(images[i], 0, tensors, i * length, length);
    }
    try (OnnxImageEmbedder embedder = OnnxImageEmbedder.open(model, OPTIONS)) {
      return embedder.embed(tensors, images.length);
    }
  }

  private static double cosine(float[] left, float[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (double) left[i] * right[i];
    }
    return sum;
  }
}
