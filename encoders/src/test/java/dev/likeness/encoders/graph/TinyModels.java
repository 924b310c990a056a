package dev.likeness.encoders.graph;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import java.util.List;

/** Networks of a few weights whose answers are easy to follow. */
public final class TinyModels {

  public static final int SIZE = 4;

  private TinyModels() {}

  /** [N, 3, 4, 4] → 1×1 convolution to 5 channels → relu → mean over space: "embedding" [N, 5]. */
  public static GraphEditor pooled() {
    GraphBuilder net = builder();
    String map = net.relu("map", net.convolution("conv", net.image("image", SIZE), 3, 5, 1, 1));
    return net.output(net.globalAverage("pool", map, "embedding"), 5);
  }

  /** The same network, and a linear layer of 2 classes behind it: "logits" [N, 2]. */
  public static GraphEditor classifier() {
    GraphEditor editor = pooled();
    String weight = editor.floats("fc.weight", new float[] {1, 0, 1, 0, 1, 0, 1, 0, 1, 0}, 2, 5);
    String bias = editor.floats("fc.bias", new float[] {1, 2}, 2);
    String logits =
        editor.node("Gemm", "logits", List.of("embedding", weight, bias), attribute("transB", 1L));
    editor.keepOnlyVectorOutput(logits, 2);
    return editor;
  }

  /** As exporters write it for one image: input and output fixed to 1, and a Reshape to [1, 5]. */
  public static GraphEditor fixedBatch(long batch) {
    GraphEditor editor = pooled();
    String shape = editor.integers("shape", new long[] {batch, 5}, 2);
    String reshaped = editor.node("Reshape", "vector", List.of("embedding", shape));
    editor.keepOnlyVectorOutput(reshaped, 5);
    fix(editor, batch);
    return editor;
  }

  /** Fixed to 1 in a way that cannot be undone: a constant of one row is stacked on the map. */
  public static GraphEditor stubbornBatch() {
    GraphEditor editor = pooled();
    String row = editor.floats("row", new float[] {1, 2}, 1, 2);
    String stacked =
        editor.node("Concat", "stacked", List.of("embedding", row), attribute("axis", 1L));
    editor.keepOnlyVectorOutput(stacked, 7);
    fix(editor, 1);
    return editor;
  }

  private static void fix(GraphEditor editor, long batch) {
    editor
        .graph()
        .getInputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(0)
        .setDimValue(batch);
    editor
        .graph()
        .getOutputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .getShapeBuilder()
        .getDimBuilder(0)
        .setDimValue(batch);
  }

  private static GraphBuilder builder() {
    return new GraphBuilder(
        "tiny",
        (name, length, fanOut) -> {
          float[] values = new float[length];
          for (int i = 0; i < length; i++) {
            values[i] = (i * 7 % 11 - 5) / 5f;
          }
          return values;
        });
  }
}
