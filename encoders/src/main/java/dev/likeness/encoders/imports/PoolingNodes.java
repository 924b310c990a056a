package dev.likeness.encoders.imports;

import static dev.likeness.encoders.graph.GraphTensors.attribute;

import dev.likeness.encoders.graph.GraphEditor;
import dev.likeness.encoders.imports.ImportException.Reason;
import dev.likeness.encoders.runtime.PackageAssembler;
import dev.likeness.encoders.runtime.TensorValue;
import dev.likeness.encoders.store.Pooling;
import java.util.Arrays;
import java.util.List;

/**
 * Pooling as nodes of the graph, so that any ONNX runtime gives the same vector. Uses operators
 * that mean the same in every version of ONNX.
 *
 * @param tensor name of the pooled tensor, [N, dimension]
 * @param notes for the user
 */
record PoolingNodes(String tensor, List<String> notes) {

  private static final float SMALLEST_BEFORE_POWER = 1e-6f;

  /**
   * @param value of the tensor for one image, for its shape
   * @throws ImportException if the shape does not go with the pooling
   */
  static PoolingNodes append(
      GraphEditor editor, String tensor, TensorValue value, Pooling pooling) {
    boolean map = value.rank() == 4;
    boolean tokens = value.rank() == 3;
    boolean vector = value.rank() == 2 || (map && value.size(2) == 1 && value.size(3) == 1);
    return switch (pooling) {
      case NONE -> {
        if (!vector) {
          throw wrong(editor, tensor, value, "no pooling", "one vector per image, [N, D]");
        }
        yield new PoolingNodes(value.rank() == 2 ? tensor : flatten(editor, tensor), List.of());
      }
      case GAP, GEM -> {
        if (!map && !tokens) {
          throw wrong(editor, tensor, value, "pooling gap or gem", "[N, C, H, W] or [N, T, D]");
        }
        yield mean(editor, tensor, value, pooling);
      }
      case CLS -> {
        if (!tokens) {
          throw wrong(editor, tensor, value, "pooling cls", "a row of tokens, [N, T, D]");
        }
        String first = editor.integers("pooling.first", new long[] {0});
        yield new PoolingNodes(
            editor.node("Gather", "embedding", List.of(tensor, first), attribute("axis", 1L)),
            List.of());
      }
    };
  }

  private static PoolingNodes mean(
      GraphEditor editor, String tensor, TensorValue value, Pooling pooling) {
    String input = tensor;
    if (pooling == Pooling.GEM) {
      String floor = editor.floats("pooling.floor", new float[] {SMALLEST_BEFORE_POWER});
      String positive = editor.node("Max", "pooling.positive", List.of(input, floor));
      input = power(editor, "pooling.powers", positive, (float) PackageAssembler.GEM_POWER);
    }
    boolean tokens = value.rank() == 3;
    String mean =
        tokens
            ? patchMean(editor, input, value.size(1))
            : editor.node("GlobalAveragePool", "pooling.mean", List.of(input));
    if (pooling == Pooling.GEM) {
      mean = power(editor, "pooling.root", mean, (float) (1 / PackageAssembler.GEM_POWER));
    }
    return new PoolingNodes(
        flatten(editor, mean), tokens ? List.of(patchNote(value.size(1))) : List.of());
  }

  /** A row of weights times the tokens: 0 for the leading class and register tokens. */
  private static String patchMean(GraphEditor editor, String input, int tokens) {
    int patches = patches(tokens);
    float[] weights = new float[tokens];
    Arrays.fill(weights, tokens - patches, tokens, 1f / patches);
    String row = editor.floats("pooling.weights", weights, 1, 1, tokens);
    return editor.node("MatMul", "pooling.mean", List.of(row, input));
  }

  /** Patches form a square; what is left over in front are class and register tokens. */
  private static int patches(int tokens) {
    int side = (int) Math.sqrt(tokens);
    return side * side;
  }

  private static String patchNote(int tokens) {
    int patches = patches(tokens);
    return "pooled over %d patch tokens of %d; the first %d are taken for class or register tokens"
        .formatted(patches, tokens, tokens - patches);
  }

  private static String power(GraphEditor editor, String name, String input, float exponent) {
    String value = editor.floats(name + ".exponent", new float[] {exponent});
    return editor.node("Pow", name, List.of(input, value));
  }

  private static String flatten(GraphEditor editor, String input) {
    return editor.node("Flatten", "embedding", List.of(input), attribute("axis", 1L));
  }

  private static ImportException wrong(
      GraphEditor editor, String tensor, TensorValue value, String asked, String needed) {
    return new ImportException(
        Reason.WRONG_OUTPUT,
        "with %s the output must be %s; '%s' is %s for one image; candidates: %s"
            .formatted(asked, needed, tensor, value.shapeText(), OutputChoice.candidates(editor)));
  }
}
