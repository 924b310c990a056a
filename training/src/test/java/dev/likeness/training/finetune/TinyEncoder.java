package dev.likeness.training.finetune;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.graph.GraphTensors;
import dev.likeness.encoders.preprocess.PreprocessSpec;
import dev.likeness.encoders.preprocess.ResizeFilter;
import dev.likeness.encoders.runtime.EncoderDescription;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.store.EncoderName;
import dev.likeness.encoders.store.ModelPackage;
import dev.likeness.encoders.store.ModelStore;
import dev.likeness.encoders.store.Origin;
import dev.likeness.encoders.store.Pooling;
import dev.likeness.training.finetune.data.LabelledImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import javax.imageio.ImageIO;

/**
 * A residual network of three blocks on images of 16 × 16 pixels, and images whose classes are told
 * by direction of their stripes more than by colour.
 */
final class TinyEncoder {

  static final int DIMENSION = 12;
  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

  static final int SIDE = 16;

  private TinyEncoder() {}

  static ModelPackage publish(Path folder) {
    PreprocessSpec preprocess =
        PreprocessSpec.of(
            18,
            SIDE,
            ResizeFilter.BILINEAR,
            List.of(0.5f, 0.5f, 0.5f),
            List.of(0.25f, 0.25f, 0.25f));
    EncoderDescription description =
        new EncoderDescription(
            new EncoderName("tiny"),
            "onnx",
            preprocess,
            "image",
            "embedding",
            Pooling.GAP,
            null,
            Origin.ofArchitecture(1),
            List.of());
    ModelStore store = ModelStore.open(folder);
    return store.publish(
        new PackageAssembler(CLOCK)
            .assemble(description, GraphEditor.of(model()).toBytes(), java.util.Map.of()));
  }

  static ModelProto model() {
    ModelProto empty =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .setGraph(
                GraphProto.newBuilder()
                    .setName("tiny")
                    .addInput(
                        ValueInfoProto.newBuilder()
                            .setName("image")
                            .setType(GraphTensors.floatType("N", 3, SIDE, SIDE))))
            .build();
    GraphEditor editor = GraphEditor.of(empty);
    SplittableRandom random = new SplittableRandom(7);
    String x = convolution(editor, random, "stem.0", "image", 3, 2);
    for (int block = 0; block < 3; block++) {
      String name = "layers." + block;
      String inner = convolution(editor, random, name + ".first", x, DIMENSION, 1);
      inner = convolution(editor, random, name + ".second", inner, DIMENSION, 1);
      x = editor.node("Add", name + ".sum", List.of(x, inner));
    }
    String pooled = editor.node("GlobalAveragePool", "pooled", List.of(x));
    String embedding = editor.node("Flatten", "embedding", List.of(pooled), attribute("axis", 1L));
    editor.keepOnlyVectorOutput(embedding, DIMENSION);
    return editor.model();
  }

  private static String convolution(
      GraphEditor editor, SplittableRandom random, String name, String x, int in, int stride) {
    float[] weights = new float[DIMENSION * in * 9];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextGaussian() * Math.sqrt(1.0 / (in * 9)));
    }
    String weight = editor.floats(name + ".weight", weights, DIMENSION, in, 3, 3);
    String convolved =
        editor.node(
            "Conv",
            name + ".conv",
            List.of(x, weight),
            attribute("kernel_shape", 3L, 3L),
            attribute("pads", 1L, 1L, 1L, 1L),
            attribute("strides", (long) stride, (long) stride));
    String normalised =
        editor.node(
            "BatchNormalization",
            name + ".bn",
            List.of(
                convolved,
                constant(editor, name + ".bn.weight", 1),
                constant(editor, name + ".bn.bias", 0),
                constant(editor, name + ".bn.mean", 0),
                constant(editor, name + ".bn.variance", 1)));
    return editor.node("Relu", name + ".relu", List.of(normalised));
  }

  private static String constant(GraphEditor editor, String name, float value) {
    float[] values = new float[DIMENSION];
    Arrays.fill(values, value);
    return editor.floats(name, values, DIMENSION);
  }

  /** Stripes of a class's own direction, in colours of each image's own. */
  static List<LabelledImage> images(Path folder, int classes, int perClass) throws IOException {
    List<LabelledImage> images = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(3);
    for (int label = 0; label < classes; label++) {
      Path directory = Files.createDirectories(folder.resolve("class" + label));
      double angle = Math.PI * label / classes;
      for (int i = 0; i < perClass; i++) {
        BufferedImage image = new BufferedImage(24, 24, BufferedImage.TYPE_INT_RGB);
        int first = random.nextInt(1 << 24);
        int second = random.nextInt(1 << 24);
        double phase = 6 * random.nextDouble();
        for (int y = 0; y < 24; y++) {
          for (int x = 0; x < 24; x++) {
            double wave = Math.sin(1.2 * (x * Math.cos(angle) + y * Math.sin(angle)) + phase);
            image.setRGB(x, y, wave > 0 ? first : second);
          }
        }
        Path file = directory.resolve("%02d.png".formatted(i));
        ImageIO.write(image, "png", file.toFile());
        images.add(new LabelledImage(file, "class" + label));
      }
    }
    return images;
  }

  static FineTuneTask task(
      ModelPackage base,
      List<LabelledImage> images,
      Path work,
      dev.likeness.training.finetune.spec.FineTuneSpec spec) {
    TreeSet<String> classes = new TreeSet<>();
    images.forEach(image -> classes.add(image.className()));
    return new FineTuneTask(
        base, images, classes, work, spec, new EncoderName("tuned"), "job-1", "0".repeat(64));
  }
}
