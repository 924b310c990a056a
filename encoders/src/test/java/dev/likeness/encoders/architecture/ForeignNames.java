package dev.likeness.encoders.architecture;

import dev.likeness.encoders.checkpoint.TensorType;
import dev.likeness.encoders.checkpoint.TestTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** Writes networks as other libraries do: names, packing and transposition by hand. */
final class ForeignNames {

  private final WeightValues values;
  private final SequencedMap<String, TestTensor> tensors = new LinkedHashMap<>();

  ForeignNames(WeightValues values) {
    this.values = values;
  }

  SequencedMap<String, TestTensor> tensors() {
    return tensors;
  }

  /** One tensor under another name and shape. */
  ForeignNames put(String name, TensorSpec graph, Long... shape) {
    tensors.put(name, TestTensor.of(TensorType.F32, List.of(shape), values.values(graph)));
    return this;
  }

  ForeignNames put(String name, String graphName, Long... shape) {
    return put(name, new TensorSpec(graphName, List.of(shape)), shape);
  }

  /** Weight and bias of a linear layer. */
  ForeignNames linear(String name, String graphName, long out, long in) {
    return put(name + ".weight", graphName + ".weight", out, in)
        .put(name + ".bias", graphName + ".bias", out);
  }

  ForeignNames norm(String name, String graphName, long width) {
    return put(name + ".weight", graphName + ".weight", width)
        .put(name + ".bias", graphName + ".bias", width);
  }

  /** Query, key and value on top of one another. */
  ForeignNames packed(
      String weight, String bias, String query, String key, String value, long width) {
    pack(weight, List.of(query, key, value), ".weight", List.of(width, width));
    pack(bias, List.of(query, key, value), ".bias", List.of(width));
    return this;
  }

  private void pack(String name, List<String> parts, String suffix, List<Long> shape) {
    int length = Math.toIntExact(new TensorSpec("", shape).elementCount());
    float[] all = new float[3 * length];
    for (int part = 0; part < 3; part++) {
      float[] rows = values.values(new TensorSpec(parts.get(part) + suffix, shape));
      System.arraycopy(rows, 0, all, part * length, length);
    }
    Long[] packed = shape.toArray(Long[]::new);
    packed[0] *= 3;
    tensors.put(name, TestTensor.of(TensorType.F32, List.of(packed), all));
  }

  ForeignNames transposed(String name, String graphName, int rows, int columns) {
    float[] given = values.values(new TensorSpec(graphName, List.of((long) rows, (long) columns)));
    float[] turned = new float[given.length];
    for (int i = 0; i < given.length; i++) {
      turned[i % columns * rows + i / columns] = given[i];
    }
    tensors.put(name, TestTensor.of(TensorType.F32, List.of((long) columns, (long) rows), turned));
    return this;
  }

  ForeignNames other(String name, float... content) {
    tensors.put(name, TestTensor.of(TensorType.F32, List.of((long) content.length), content));
    return this;
  }
}
